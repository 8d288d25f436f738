using System.Buffers;
using System.Text;
using System.Text.Json;
using CsvHelper;
using TransactionFeed.CommandLine;

namespace TransactionFeed.Input;

/// <summary>CSV with a header, native or the handbook's. A row that can't be put into JSON is not sent, and says why.</summary>
internal sealed class CsvSource(Stream stream, string name, InputFormat format, bool withEventTime, bool withFraud = false) : IRecordSource, IDisposable
{
    private static readonly string[] Required = ["transactionId", "accountId", "timestamp", "amount"];

    private readonly CsvReader _csv = CsvReader.Create(stream, new CsvReaderOptions { MaxRecordSize = NativeJsonSource.LineBytesMax });
    private readonly ArrayBufferWriter<byte> _line = new();
    private CsvColumn[]? _columns;
    private int _fraudColumn = -1;

    public async ValueTask<TransactionRecord?> ReadAsync(CancellationToken stop)
    {
        try
        {
            _columns ??= await ReadHeaderAsync(stop);
            return await _csv.ReadAsync(stop) ? Read(_columns) : null;
        }
        catch (CsvFormatException e)
        {
            throw FeedException.Failed($"{name}: record {e.RecordNumber}: {e.Message}");
        }
    }

    public void Dispose() => _csv.Dispose();

    private async ValueTask<CsvColumn[]> ReadHeaderAsync(CancellationToken stop)
    {
        await _csv.ReadHeaderAsync(stop);
        var columns = CsvColumn.Of(_csv.Headers, format);
        if (withFraud)
        {
            var fraud = format == InputFormat.HandbookCsv ? FraudText.Handbook : FraudText.Native;
            _fraudColumn = _csv.Headers.TakeWhile(header => header.Trim() != fraud).Count();
            if (_fraudColumn == _csv.Headers.Count)
            {
                throw FeedException.Usage($"{name}: its header names no column for {fraud}, so it does not say what its transactions turned out to be. --labels names files that do.");
            }
        }

        return Required.FirstOrDefault(field => columns.All(column => column.Kind == CsvColumnKind.None || column.Name != field)) is { } missing
            ? throw FeedException.Usage($"{name}: its header names no column for {missing}.")
            : columns;
    }

    private TransactionRecord Read(CsvColumn[] columns)
    {
        string transactionId = "", accountId = "";
        long? eventTicks = null;
        string? problem = _csv.FieldCount == columns.Length ? null : $"{_csv.FieldCount} columns instead of {columns.Length}";
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            for (var i = 0; i < Math.Min(_csv.FieldCount, columns.Length); i++)
            {
                var column = columns[i];
                var value = _csv.GetSpan(i);
                if (value.IsEmpty)
                {
                    continue;
                }

                switch (column.Kind)
                {
                    case CsvColumnKind.None:
                        break;
                    case CsvColumnKind.Number when !JsonNumber.IsOne(value):
                        problem ??= $"{column.Name} is not a number";
                        break;
                    case CsvColumnKind.Number:
                        json.WritePropertyName(column.Encoded);
                        json.WriteRawValue(value, skipInputValidation: true);
                        break;
                    case CsvColumnKind.Timestamp:
                        var time = WithOffset(value);
                        eventTicks = withEventTime ? EventTime.Read(time) : null;
                        json.WriteString(column.Encoded, time);
                        break;
                    case CsvColumnKind.TransactionId:
                        transactionId = Encoding.UTF8.GetString(value);
                        json.WriteString(column.Encoded, transactionId);
                        break;
                    case CsvColumnKind.AccountId:
                        accountId = Encoding.UTF8.GetString(value);
                        json.WriteString(column.Encoded, accountId);
                        break;
                    case CsvColumnKind.Text:
                        json.WriteString(column.Encoded, Encoding.UTF8.GetString(value));
                        break;
                }
            }

            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        return problem is not null ? TransactionRecord.Unsendable(transactionId, accountId, problem) : new TransactionRecord
        {
            TransactionId = transactionId,
            AccountId = accountId,
            Payload = _line.WrittenSpan.ToArray(),
            EventTicks = eventTicks,
            IsFraud = ReadFraud(transactionId),
        };
    }

    private bool? ReadFraud(string transactionId) =>
        _fraudColumn < 0 ? null
        : FraudText.TryRead(_csv.GetSpan(_fraudColumn), out var isFraud) ? isFraud
        : throw FeedException.Failed($"{name}: transaction {transactionId}: whether it was fraud must be 1, 0, true or false.");

    /// <summary>The handbook's original files have local times such as <c>2018-04-01 00:00:31</c>: they count as UTC.</summary>
    private string WithOffset(ReadOnlySpan<byte> timestamp)
    {
        const int withoutOffset = 19;
        var text = Encoding.UTF8.GetString(timestamp);
        return format == InputFormat.HandbookCsv && text.Length == withoutOffset ? string.Concat(text.AsSpan(0, 10), "T", text.AsSpan(11), "Z") : text;
    }
}

using System.Text;
using System.Text.Json;
using TransactionFeed.CommandLine;
using TransactionFeed.Evaluate;

namespace TransactionFeed.Input;

/// <summary>
/// Native NDJSON. A line is sent as it is, whatever is wrong with it: the engine says what. Blank lines don't count.
/// </summary>
internal sealed class NativeJsonSource(Stream stream, string name, bool withEventTime, bool withFraud) : IRecordSource
{
    /// <summary>The contract's limit on a transaction's text.</summary>
    public const int LineBytesMax = 16 * 1024;

    // Within the longest line nothing nests deeper than this, and the engine reads it.
    private static readonly JsonReaderOptions DeepEnough = new() { MaxDepth = LineBytesMax };

    /// <summary>Why a line that is longer is not sent.</summary>
    public const string TooLong = "Longer than 16 KiB";

    private readonly LineReader _lines = new(stream, LineBytesMax);
    private readonly JsonFields _fraud = new([[FraudText.Native]]);
    private bool _isBegun;

    public async ValueTask<TransactionRecord?> ReadAsync(CancellationToken stop)
    {
        while (await _lines.ReadAsync(stop))
        {
            if (_lines.IsTooLong)
            {
                return TransactionRecord.Unsendable("", "", TooLong);
            }

            var line = _lines.Line.Span;
            if (!_isBegun && line.StartsWith("\uFEFF"u8))
            {
                line = line[3..];
            }

            _isBegun = true;
            line = line.Trim(" \t"u8);
            if (line.Length > 0)
            {
                return Read(line);
            }
        }

        return null;
    }

    /// <summary>The ids and the event time as far as they can be read, whatever is wrong with the line.</summary>
    public static (string TransactionId, string AccountId, long? EventTicks) Peek(ReadOnlySpan<byte> line, bool withEventTime)
    {
        string transactionId = "", accountId = "";
        long? eventTicks = null;
        var json = new Utf8JsonReader(line, DeepEnough);
        try
        {
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                {
                    continue;
                }

                var field = json.ValueTextEquals("transactionId"u8) ? 1 : json.ValueTextEquals("accountId"u8) ? 2
                    : withEventTime && json.ValueTextEquals("timestamp"u8) ? 3 : 0;
                json.Read();
                if (field == 0 || json.TokenType != JsonTokenType.String)
                {
                    continue;
                }

                var text = json.GetString()!;
                transactionId = field == 1 ? text : transactionId;
                accountId = field == 2 ? text : accountId;
                eventTicks = field == 3 ? EventTime.Read(text) : eventTicks;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or DecoderFallbackException)
        {
            // What could be read up to here is enough to give the answer its place.
        }

        return (transactionId, accountId, eventTicks);
    }

    private TransactionRecord Read(ReadOnlySpan<byte> line)
    {
        var payload = new byte[line.Length + 1];
        line.CopyTo(payload);
        payload[^1] = (byte)'\n';
        var (transactionId, accountId, eventTicks) = Peek(line, withEventTime);
        return new TransactionRecord
        {
            TransactionId = transactionId,
            AccountId = accountId,
            Payload = payload,
            EventTicks = eventTicks,
            IsFraud = withFraud ? ReadFraud(line, transactionId) : null,
        };
    }

    private bool? ReadFraud(ReadOnlySpan<byte> line, string transactionId)
    {
        _fraud.Read(line);
        return FraudText.TryRead(_fraud[0], out var isFraud) ? isFraud
            : throw FeedException.Failed($"{name}: transaction {transactionId}: {FraudText.Native} must be true, false, 1 or 0.");
    }
}

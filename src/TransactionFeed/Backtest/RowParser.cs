using System.Text;
using FraudEngine.Domain;
using TransactionFeed.Input;

namespace TransactionFeed.Backtest;

/// <summary>
/// Makes transactions of a block's rows, with the engine's own checks: what the engine refuses is refused here, under the same name, and what <c>replay</c>
/// does not send is not tried. Reusable; one thread at a time.
/// </summary>
internal sealed class RowParser
{
    /// <summary>The engine's currency for transactions that name none, unless it is configured otherwise.</summary>
    private static readonly byte[] DefaultCurrency = "EUR"u8.ToArray();

    private readonly TransactionBuilder _builder = new();
    private readonly TransactionReader _reader = new(DefaultCurrency);
    private readonly CsvCells _cells = new();

    /// <summary>Why the row last read is no transaction, in the words of the decisions file.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>Fills <paramref name="transaction"/>; false where there is a <see cref="Problem"/>, and then it is not to be used.</summary>
    public bool TryRead(RowBlock block, int row, Transaction transaction)
    {
        var line = block.Line(row);
        if (block.Shape is { } shape)
        {
            _cells.Split(block.LineMemory(row));
            return TryRead(shape, transaction);
        }

        if (line.Length > TransactionReader.TextBytesMax)
        {
            Problem = NativeJsonSource.TooLong;
            return false;
        }

        if (_reader.TryRead(line, transaction))
        {
            return true;
        }

        Problem = _reader.Problems.Malformed is null ? ProblemTitles.Invalid : ProblemTitles.Malformed;
        return false;
    }

    /// <summary>The ids of a row that is no transaction, as far as it has any.</summary>
    public (string TransactionId, string AccountId) Ids(RowBlock block, int row)
    {
        if (block.Shape is not { } shape)
        {
            var (transactionId, accountId, _) = Problem == NativeJsonSource.TooLong ? ("", "", null) : NativeJsonSource.Peek(block.Line(row), withEventTime: false);
            return (transactionId, accountId);
        }

        return (Text(shape.TransactionId), Text(shape.Account));
    }

    private string Text(int column) => column < _cells.Count ? Encoding.UTF8.GetString(_cells[column]) : "";

    private bool TryRead(CsvShape shape, Transaction transaction)
    {
        if (_cells.Count != shape.Fields.Length)
        {
            Problem = $"{_cells.Count} columns instead of {shape.Fields.Length}";
            return false;
        }

        _builder.Start(transaction);
        var isValid = true;
        for (var column = 0; column < shape.Fields.Length; column++)
        {
            var field = shape.Fields[column];
            var cell = _cells[column];
            if (field == TransactionField.None || cell.IsEmpty)
            {
                continue;
            }

            if (field is TransactionField.Amount or TransactionField.Latitude or TransactionField.Longitude)
            {
                if (!JsonNumber.IsOne(cell))
                {
                    Problem = $"{TransactionFieldText.NameOf(field)} is not a number";
                    return false;
                }

                isValid &= _builder.SetNumber(field, cell) == FieldProblem.None;
            }
            else
            {
                isValid &= (field == TransactionField.Timestamp && shape.IsHandbook ? SetLocalTime(cell) : _builder.SetText(field, cell)) == FieldProblem.None;
            }
        }

        if (!isValid || _builder.NextMissing(TransactionField.None) != TransactionField.None)
        {
            Problem = ProblemTitles.Invalid;
            return false;
        }

        _builder.Finish(DefaultCurrency);
        return true;
    }

    /// <summary>The handbook's original files have local times such as <c>2018-04-01 00:00:31</c>: they count as UTC.</summary>
    private FieldProblem SetLocalTime(ReadOnlySpan<byte> text)
    {
        const int withoutOffset = 19;
        if (text.Length != withoutOffset)
        {
            return _builder.SetText(TransactionField.Timestamp, text);
        }

        Span<byte> utc = stackalloc byte[withoutOffset + 1];
        text.CopyTo(utc);
        utc[withoutOffset] = (byte)'Z';
        return _builder.SetText(TransactionField.Timestamp, utc);
    }
}

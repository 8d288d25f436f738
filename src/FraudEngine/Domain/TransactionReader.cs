using System.Text.Json;

namespace FraudEngine.Domain;

/// <summary>Reads the contract's JSON straight into a <see cref="Transaction"/>, with every problem of every field. Reusable; one thread at a time.</summary>
public sealed class TransactionReader(byte[] defaultCurrency)
{
    /// <summary>The longest text of a transaction, in bytes.</summary>
    public const int TextBytesMax = 16 * 1024;

    // Unknown fields are ignored however deep they nest: within the longest text nothing nests deeper than this.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = TextBytesMax };

    private readonly TransactionBuilder _builder = new();
    private readonly byte[] _unescaped = new byte[TextBytesMax];
    private TransactionField _reading;

    /// <summary>What was wrong with the transaction last read.</summary>
    public TransactionProblems Problems { get; } = new();

    /// <summary>Fills <paramref name="transaction"/>; false where <see cref="Problems"/> has any, and then it is not to be used.</summary>
    public bool TryRead(ReadOnlySpan<byte> json, Transaction transaction)
    {
        Problems.Clear();
        _reading = TransactionField.None;
        _builder.Start(transaction);
        try
        {
            ReadObject(json);
        }
        catch (JsonException reason)
        {
            Problems.Clear();
            Problems.Malformed = $"The text is not valid JSON: {Sentence(reason)}";
            Problems.Add(_reading, _reading == TransactionField.None ? FieldProblem.None : FieldProblem.NotJson);
            return false;
        }

        if (Problems.Malformed is not null)
        {
            return false;
        }

        for (var missing = _builder.NextMissing(TransactionField.None); missing != TransactionField.None; missing = _builder.NextMissing(missing))
        {
            Problems.Add(missing, FieldProblem.Missing);
        }

        if (Problems.Any)
        {
            return false;
        }

        _builder.Finish(defaultCurrency);
        return true;
    }

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var reader = new Utf8JsonReader(json.StartsWith(byteOrderMark) ? json[3..] : json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            Problems.Malformed = "A transaction must be a JSON object.";
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = JsonFieldNames.Match(ref reader);
            _reading = field;
            reader.Read();
            if (field == TransactionField.None)
            {
                reader.Skip();
            }
            else
            {
                ReadField(ref reader, field);
            }

            _reading = TransactionField.None;
        }

        // Whatever follows the object is an error that the next read finds.
        reader.Read();
    }

    private void ReadField(ref Utf8JsonReader reader, TransactionField field)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                Problems.Add(field, ReadText(ref reader, field));
                break;
            case JsonTokenType.Number:
                Problems.Add(field, _builder.SetNumber(field, reader.ValueSpan));
                break;
            case JsonTokenType.Null:
                // As if it were not given.
                break;
            default:
                Problems.Add(field, _builder.IsGiven(field) ? FieldProblem.GivenTwice : FieldProblem.WrongType);
                _builder.MarkGiven(field);
                reader.Skip();
                break;
        }
    }

    private FieldProblem ReadText(ref Utf8JsonReader reader, TransactionField field)
    {
        if (!reader.ValueIsEscaped)
        {
            return _builder.SetText(field, reader.ValueSpan);
        }

        try
        {
            return _builder.SetText(field, _unescaped.AsSpan(0, reader.CopyString(_unescaped)));
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            _builder.MarkGiven(field);
            return FieldProblem.InvalidUtf8;
        }
    }

    /// <summary>What is wrong with a JSON text, and where.</summary>
    internal static string Sentence(JsonException reason)
    {
        var end = reason.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var message = end < 0 ? reason.Message : reason.Message[..end];
        return reason.BytePositionInLine is { } position ? $"{message} (at byte {position + 1}, line {reason.LineNumber + 1})" : message;
    }
}

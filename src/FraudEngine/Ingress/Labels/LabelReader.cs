using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Ingress.Labels;

/// <summary>Reads the contract's JSON of a label, with every problem of every field. Reusable; one thread at a time.</summary>
internal sealed class LabelReader
{
    private const string Fraud = "fraud";

    // Unknown fields are ignored however deep they nest, as in a transaction.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = TransactionReader.TextBytesMax };

    private readonly byte[] _unescaped = new byte[TransactionReader.TextBytesMax];
    private readonly List<(string Field, string Problem)> _errors = [];
    private readonly LabelId _transactionId = new(TransactionField.TransactionId);
    private readonly LabelId _accountId = new(TransactionField.AccountId);
    private bool? _isFraud;
    private bool _isFraudGiven;
    private string? _reading;

    /// <summary>What is wrong with the text; where nothing is, <paramref name="label"/> is what it says.</summary>
    public Problem? Read(ReadOnlySpan<byte> json, out GivenLabel label)
    {
        label = default;
        _errors.Clear();
        _transactionId.Clear();
        _accountId.Clear();
        _isFraud = null;
        _isFraudGiven = false;
        _reading = null;
        try
        {
            if (!ReadObject(json))
            {
                return LabelProblem.Malformed("A label must be a JSON object.");
            }
        }
        catch (JsonException reason)
        {
            return LabelProblem.Malformed(
                $"The text is not valid JSON: {TransactionReader.Sentence(reason)}", _reading is null ? null : [(_reading, "is not valid JSON")]);
        }

        AddMissing(_transactionId);
        AddMissing(_accountId);
        if (!_isFraudGiven)
        {
            Add(Fraud, "is required");
        }

        if (_errors.Count > 0)
        {
            return Problem.Invalid("Invalid label", [.. _errors]);
        }

        label = new GivenLabel(_accountId.Text, _transactionId.Text, _isFraud!.Value);
        return null;
    }

    private bool ReadObject(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var reader = new Utf8JsonReader(json.StartsWith(byteOrderMark) ? json[3..] : json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMember(ref reader);
            _reading = null;
        }

        // Whatever follows the object is an error that the next read finds.
        reader.Read();
        return true;
    }

    private void ReadMember(ref Utf8JsonReader reader)
    {
        var field = JsonFieldNames.Match(ref reader);
        var id = field == TransactionField.TransactionId ? _transactionId : field == TransactionField.AccountId ? _accountId : null;
        var isFraud = field == TransactionField.None && IsFraudName(ref reader);
        _reading = id is not null ? id.Name : isFraud ? Fraud : null;
        reader.Read();
        if (id is not null)
        {
            ReadId(ref reader, id);
        }
        else if (isFraud)
        {
            ReadFraud(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadId(ref Utf8JsonReader reader, LabelId id)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                // As if it were not given.
                return;
            case JsonTokenType.String when !reader.ValueIsEscaped:
                AddProblem(id, id.Set(reader.ValueSpan));
                return;
            case JsonTokenType.String:
                AddProblem(id, Unescape(ref reader, out var text) ? id.Set(text) : id.SetWrong(FieldProblem.InvalidUtf8));
                return;
            default:
                AddProblem(id, id.SetWrong(FieldProblem.WrongType));
                reader.Skip();
                return;
        }
    }

    private void ReadFraud(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (_isFraudGiven)
        {
            Add(Fraud, "is given twice");
        }
        else if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            _isFraud = reader.TokenType == JsonTokenType.True;
        }
        else
        {
            Add(Fraud, "must be true or false");
        }

        _isFraudGiven = true;
        reader.Skip();
    }

    private bool Unescape(ref Utf8JsonReader reader, out ReadOnlySpan<byte> text)
    {
        try
        {
            text = _unescaped.AsSpan(0, reader.CopyString(_unescaped));
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
            text = default;
            return false;
        }
    }

    private static bool IsFraudName(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueTextEquals(Fraud);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return false;
        }
    }

    private void AddMissing(LabelId id)
    {
        if (!id.IsGiven)
        {
            AddProblem(id, FieldProblem.Missing);
        }
    }

    private void AddProblem(LabelId id, FieldProblem problem)
    {
        if (problem != FieldProblem.None)
        {
            Add(id.Name, TransactionProblems.Describe(id.Field, problem));
        }
    }

    /// <summary>Each once: a sender that repeats a mistake a thousand times in one text is told of it once.</summary>
    private void Add(string field, string problem)
    {
        if (!_errors.Contains((field, problem)))
        {
            _errors.Add((field, problem));
        }
    }
}

using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Trials;

namespace FraudEngine.Ingress;

/// <summary>What a request for a backtest says as JSON: the rules, a model, or both, and optionally a range and labels.</summary>
internal sealed class BacktestBody
{
    /// <summary>Labels in one request.</summary>
    public const int LabelsMax = 1_000_000;

    /// <summary>Enough for so many labels with ids of usual length.</summary>
    public const int BytesMax = 256 << 20;

    /// <summary>Null for those in force.</summary>
    public string? Rules { get; private set; }

    public ModelChoice Model { get; private set; } = ModelChoice.InForce;

    public string? From { get; private set; }

    public string? To { get; private set; }

    public string? Account { get; private set; }

    /// <summary>Null where none are given.</summary>
    public LabelBook? Labels { get; private set; }

    /// <summary>A request that holds the rules alone, and the range in its query.</summary>
    public static BacktestBody OfRules(string yaml, string? from, string? to, string? account) => new() { Rules = yaml, From = from, To = to, Account = account };

    /// <summary>Reads the body; where it is wrong, says what.</summary>
    public static string? TryRead(ReadOnlyMemory<byte> json, out BacktestBody body)
    {
        body = new BacktestBody();
        try
        {
            var reader = new Utf8JsonReader(json.Span);
            var problem = body.Read(ref reader, json);
            return problem ?? (reader.Read() ? "There must be nothing behind the object." : body.Rules is null && body.Model == ModelChoice.InForce ? "rules is required: the rule set in YAML, as a string. Only with a model it may be absent." : null);
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException)
        {
            return "The body is not valid JSON.";
        }
    }

    private string? Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return "The body must be a JSON object.";
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (name == "labels" && reader.TokenType == JsonTokenType.StartArray)
            {
                if (ReadLabels(ref reader) is { } problem)
                {
                    return problem;
                }
            }
            else if (name == "model")
            {
                if (ModelBody.TryChoose(ref reader, json, out var model) is { } problem)
                {
                    return problem;
                }

                Model = model;
            }
            else if (name is "rules" or "from" or "to" or "account" && reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
            {
                Set(name, reader.GetString());
            }
            else
            {
                return name is "rules" or "from" or "to" or "account" or "labels"
                    ? $"{name} must be {(name == "labels" ? "an array of labels" : "a string")}."
                    : $"There is no field '{name}'; there are rules, model, from, to, account and labels.";
            }
        }

        return null;
    }

    private void Set(string name, string? value)
    {
        switch (name)
        {
            case "rules":
                Rules = value;
                break;
            case "from":
                From = value;
                break;
            case "to":
                To = value;
                break;
            default:
                Account = value;
                break;
        }
    }

    private string? ReadLabels(ref Utf8JsonReader reader)
    {
        const string shape = "Each label must be {\"transactionId\":\"…\",\"accountId\":\"…\",\"fraud\":true}.";
        Labels = new LabelBook();
        Span<byte> transactionId = stackalloc byte[4 * Transaction.IdCharactersMax];
        Span<byte> accountId = stackalloc byte[4 * Transaction.IdCharactersMax];
        for (var count = 1; reader.Read() && reader.TokenType == JsonTokenType.StartObject; count++)
        {
            if (count > LabelsMax)
            {
                return $"There may be at most {LabelsMax} labels.";
            }

            var (transactionLength, accountLength) = (0, 0);
            var label = Label.None;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isTransaction = reader.ValueTextEquals("transactionId"u8);
                var isAccount = reader.ValueTextEquals("accountId"u8);
                var isFraud = reader.ValueTextEquals("fraud"u8);
                reader.Read();
                if (isFraud && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
                {
                    label = reader.TokenType == JsonTokenType.True ? Label.Fraud : Label.Genuine;
                }
                else if ((isTransaction || isAccount) && reader.TokenType == JsonTokenType.String && Length(reader) <= transactionId.Length)
                {
                    transactionLength = isTransaction ? reader.CopyString(transactionId) : transactionLength;
                    accountLength = isAccount ? reader.CopyString(accountId) : accountLength;
                }
                else
                {
                    return shape;
                }
            }

            if (transactionLength == 0 || accountLength == 0 || label == Label.None)
            {
                return shape;
            }

            Labels.Set(accountId[..accountLength], transactionId[..transactionLength], label);
        }

        return reader.TokenType == JsonTokenType.EndArray ? null : shape;
    }

    private static long Length(in Utf8JsonReader reader) => reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
}

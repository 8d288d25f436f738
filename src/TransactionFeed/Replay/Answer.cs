using System.Text;
using System.Text.Json;

namespace TransactionFeed.Replay;

/// <summary>What the engine says about one transaction or label: a decision, what became of the label, or an error. Fields that it doesn't know are ignored.</summary>
internal sealed class Answer
{
    private const int ServiceUnavailable = 503;

    public string TransactionId { get; private set; } = "";

    public string Outcome { get; private set; } = "";

    /// <summary>As written by the engine, so that nothing is rounded.</summary>
    public string Score { get; private set; } = "";

    /// <summary>The ids of the rules that hit, joined by <c>|</c>.</summary>
    public string Reasons { get; private set; } = "";

    public string RuleSet { get; private set; } = "";

    public string AlertId { get; private set; } = "";

    /// <summary>Whether a label was not known before; null for anything but a label.</summary>
    public bool? IsChanged { get; private set; }

    /// <summary>Empty for a decision, and for a label that was taken.</summary>
    public string ErrorTitle { get; private set; } = "";

    public bool IsError => ErrorTitle.Length > 0;

    /// <summary>The engine could not take it now; the same line may be sent again.</summary>
    public bool IsUnavailable { get; private set; }

    /// <summary>Throws <see cref="IOException"/> where the line is not one of the contract.</summary>
    public static Answer Read(ReadOnlySpan<byte> line)
    {
        var answer = Parse(line);
        return answer.IsError || answer.Outcome.Length > 0 ? answer : throw new IOException($"The answer is neither a decision nor an error: {Beginning(line)}");
    }

    /// <summary>The answer to a label. Throws <see cref="IOException"/> where the line is not one of the contract.</summary>
    public static Answer ReadLabel(ReadOnlySpan<byte> line)
    {
        var answer = Parse(line);
        return answer.IsError || answer.IsChanged is not null ? answer : throw new IOException($"The answer says neither what became of the label nor an error: {Beginning(line)}");
    }

    private static Answer Parse(ReadOnlySpan<byte> line)
    {
        var answer = new Answer();
        try
        {
            var json = new Utf8JsonReader(line);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                answer.ReadField(ref json);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new IOException($"The answer is not JSON by the contract: {Beginning(line)}", e);
        }

        return answer;
    }

    private void ReadField(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("transactionId"u8))
        {
            TransactionId = ReadText(ref json);
        }
        else if (json.ValueTextEquals("outcome"u8))
        {
            Outcome = ReadText(ref json);
        }
        else if (json.ValueTextEquals("score"u8))
        {
            Score = ReadText(ref json);
        }
        else if (json.ValueTextEquals("reasons"u8))
        {
            ReadReasons(ref json);
        }
        else if (json.ValueTextEquals("ruleSet"u8))
        {
            RuleSet = ReadText(ref json);
        }
        else if (json.ValueTextEquals("alertId"u8))
        {
            AlertId = ReadText(ref json);
        }
        else if (json.ValueTextEquals("changed"u8))
        {
            json.Read();
            IsChanged = json.GetBoolean();
        }
        else if (json.ValueTextEquals("error"u8))
        {
            ReadError(ref json);
        }
        else
        {
            json.Read();
            json.Skip();
        }
    }

    private void ReadReasons(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return;
        }

        var array = json.CurrentDepth;
        while (json.Read() && json.CurrentDepth > array)
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.CurrentDepth == array + 2 && json.ValueTextEquals("rule"u8))
            {
                var rule = ReadText(ref json);
                Reasons = Reasons.Length == 0 ? rule : $"{Reasons}|{rule}";
            }
        }
    }

    /// <summary>An error is a problem details object (RFC 9457); a plain text is taken for its title.</summary>
    private void ReadError(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            ErrorTitle = json.TokenType == JsonTokenType.String ? json.GetString()! : "Error";
            return;
        }

        using var problem = JsonDocument.ParseValue(ref json);
        ErrorTitle = ProblemText.TitleOf(problem.RootElement);
        IsUnavailable = ProblemText.StatusOf(problem.RootElement) == ServiceUnavailable;
    }

    private static string ReadText(ref Utf8JsonReader json)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return json.GetString()!;
            case JsonTokenType.Number:
                return Encoding.ASCII.GetString(json.ValueSpan);
            default:
                json.Skip();
                return "";
        }
    }

    private static string Beginning(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line[..Math.Min(line.Length, 200)]);
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace FraudEngine.Domain;

/// <summary>A rule as a decision names it: its id, and its text for the customer.</summary>
public sealed class ReasonCode
{
    public ReasonCode(string rule, string text)
    {
        Rule = rule;
        Text = text;
        Json = JsonSerializer.SerializeToUtf8Bytes(new { rule, text }, ReasonJson.Options);
    }

    public string Rule { get; }

    public string Text { get; }

    /// <summary>The reason as it stands in a decision's JSON, encoded once.</summary>
    internal byte[] Json { get; }
}

file static class ReasonJson
{
    /// <summary>Texts are for people: letters of every language stay as they are.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

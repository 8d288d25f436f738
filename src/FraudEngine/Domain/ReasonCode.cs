using System.Text.Encodings.Web;
using System.Text.Json;

namespace FraudEngine.Domain;

/// <summary>A rule as a decision names it: its id, its text for the customer, and whether it speaks against the payment.</summary>
public sealed class ReasonCode
{
    /// <param name="isAgainst">Whether it adds to the score; else it speaks for the payment, and the customer is not told.</param>
    public ReasonCode(string rule, string text, bool isAgainst = true)
    {
        Rule = rule;
        Text = text;
        IsAgainst = isAgainst;
        Json = JsonSerializer.SerializeToUtf8Bytes(new { rule, text }, ReasonJson.Options);
    }

    public string Rule { get; }

    public string Text { get; }

    public bool IsAgainst { get; }

    /// <summary>The reason as it stands in a decision's JSON, encoded once.</summary>
    internal byte[] Json { get; }
}

file static class ReasonJson
{
    /// <summary>Texts are for people: letters of every language stay as they are.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Cases;

/// <summary>A case in JSON.</summary>
internal static class CaseJson
{
    public static string Word(CaseStatus status) => status switch
    {
        CaseStatus.None => throw new ArgumentOutOfRangeException(nameof(status)),
        CaseStatus.Open => "open",
        CaseStatus.Resolved => "resolved",
    };

    public static string? Word(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.None => null,
        CaseOutcome.Fraud => "fraud",
        CaseOutcome.Genuine => "genuine",
        CaseOutcome.Unsure => "unsure",
    };

    /// <summary>Without its history.</summary>
    public static void WriteSummary(Utf8JsonWriter json, StoredCase stored)
    {
        var one = stored.Case;
        json.WriteString("id", one.Id);
        json.WriteString("accountId", one.AccountId);
        json.WriteStartArray("transactions");
        foreach (var transaction in one.Transactions)
        {
            json.WriteStringValue(transaction);
        }

        json.WriteEndArray();
        json.WriteString("alertId", one.Alert);
        json.WriteString("reason", one.Reason);
        json.WriteString("status", Word(one.Status));
        json.WriteString("assignee", one.Assignee);
        json.WriteString("outcome", Word(one.Outcome));
        json.WriteString("created", TimestampText.Format(stored.CreatedTicks));
        json.WriteString("updated", TimestampText.Format(stored.UpdatedTicks));
        json.WriteNumber("version", stored.Version);
    }

    public static void Write(Utf8JsonWriter json, StoredCase stored)
    {
        WriteSummary(json, stored);
        json.WriteStartArray("history");
        foreach (var happened in stored.Case.History)
        {
            json.WriteStartObject();
            json.WriteString("at", TimestampText.Format(happened.AtTicks));
            json.WriteString("by", happened.By);
            json.WriteString("what", happened.What);
            if (happened.Text is { } text)
            {
                json.WriteString("text", text);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}

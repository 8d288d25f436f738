using System.Globalization;
using System.Text.Json;

namespace TransactionFeed.Watch;

/// <summary>An alert as far as it can be read: fields that are missing are empty, unknown ones ignored.</summary>
internal sealed record Alert(
    string AlertId, string TransactionId, string AccountId, string Timestamp, string Amount, string Currency, string Outcome, string Score,
    IReadOnlyList<string> Reasons, string Text, string Kind)
{
    /// <summary>Whether the customer can say to it whether it was they.</summary>
    public bool IsAnswerable => AlertId.Length > 0 && Kind != "activity";

    /// <summary>Null where <paramref name="json"/> is no object.</summary>
    public static Alert? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var alert = document.RootElement;
            return alert.ValueKind != JsonValueKind.Object ? null : new Alert(
                TextOf(alert, "alertId"), TextOf(alert, "transactionId"), TextOf(alert, "accountId"), TextOf(alert, "timestamp"), TextOf(alert, "amount"),
                TextOf(alert, "currency"), TextOf(alert, "outcome"), TextOf(alert, "score"), ReasonsOf(alert), TextOf(alert, "text"), TextOf(alert, "kind"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string TextOf(JsonElement element, string name)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            return "";
        }

        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number => value.GetRawText(),
            _ => "",
        };
    }

    private static List<string> ReasonsOf(JsonElement alert)
    {
        var reasons = new List<string>();
        if (alert.TryGetProperty("reasons", out var array) && array.ValueKind == JsonValueKind.Array)
        {
            foreach (var reason in array.EnumerateArray().Where(reason => reason.ValueKind == JsonValueKind.Object))
            {
                var (rule, text) = (TextOf(reason, "rule"), TextOf(reason, "text"));
                reasons.Add(text.Length == 0 ? rule : string.Create(CultureInfo.InvariantCulture, $"{text} ({rule})"));
            }
        }

        return reasons;
    }
}

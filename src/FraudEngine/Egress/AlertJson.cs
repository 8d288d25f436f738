using System.Buffers;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Egress;

/// <summary>An alert in JSON: the transaction, its decision, what kind of alert it is and how urgent, and the text for the customer.</summary>
internal static class AlertJson
{
    public static void Write(IBufferWriter<byte> output, Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        using var json = new Utf8JsonWriter(output, JsonText.WriterOptions);
        Write(json, transaction, decision, catalog);
    }

    /// <param name="writeMore">Writes further members; null for none.</param>
    public static void Write(Utf8JsonWriter json, Transaction transaction, Decision decision, ReasonCatalog catalog, Action? writeMore = null)
    {
        json.WriteStartObject();
        TransactionJson.WriteDecision(json, transaction, decision, catalog);
        json.WriteString("kind", AlertKinds.NameOf(AlertKinds.Of(decision)));
        json.WriteString("severity", AlertSeverities.NameOf(AlertSeverities.Of(decision)));
        json.WriteString("text", CustomerTextOf(transaction, decision, catalog));
        TransactionJson.WriteTransaction(json, transaction);
        writeMore?.Invoke();
        json.WriteEndObject();
    }

    /// <summary>The texts of the reasons that speak against the payment, one after the other; of an alert that is only of activity, those of that.</summary>
    private static string CustomerTextOf(Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        var text = new StringBuilder();
        var reasons = decision.RaisesFraudAlert ? catalog.ReasonsOf(decision).Where(static reason => reason.IsAgainst) : catalog.ActivityOf(decision);
        foreach (var reason in reasons)
        {
            text.Append(text.Length == 0 ? "" : ". ").Append(reason.TextFor(transaction).TrimEnd('.'));
        }

        return text.Append('.').ToString();
    }
}

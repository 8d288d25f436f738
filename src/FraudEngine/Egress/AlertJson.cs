using System.Buffers;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Egress;

/// <summary>An alert in JSON: the transaction, its decision, and the text for the customer.</summary>
internal static class AlertJson
{
    public static void Write(IBufferWriter<byte> output, Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        using var json = new Utf8JsonWriter(output, JsonText.WriterOptions);
        Write(json, transaction, decision, catalog);
    }

    public static void Write(Utf8JsonWriter json, Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        var set = catalog[decision.RuleSetNumber];
        json.WriteStartObject();
        TransactionJson.WriteDecision(json, transaction, decision, set);
        json.WriteString("text", CustomerTextOf(transaction, decision, set));
        TransactionJson.WriteTransaction(json, transaction);
        json.WriteEndObject();
    }

    /// <summary>The texts of the rules that speak against the payment, one after the other.</summary>
    private static string CustomerTextOf(Transaction transaction, Decision decision, DecidingRuleSet set)
    {
        var text = new StringBuilder();
        foreach (var rule in decision.Hits)
        {
            if (set.Reasons[rule].IsAgainst)
            {
                text.Append(text.Length == 0 ? "" : ". ").Append(set.Reasons[rule].TextFor(transaction).TrimEnd('.'));
            }
        }

        return text.Append('.').ToString();
    }
}

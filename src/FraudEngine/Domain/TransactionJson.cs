using System.Buffers;
using System.Text.Json;

namespace FraudEngine.Domain;

/// <summary>A stored transaction and its decision in the contract's JSON, for people and for delivery; the answer path has <see cref="DecisionJson"/>.</summary>
public static class TransactionJson
{
    /// <summary>Writes the transaction's fields into the object that is open.</summary>
    public static void WriteTransaction(Utf8JsonWriter json, Transaction transaction)
    {
        json.WriteString("transactionId", transaction.TransactionId);
        json.WriteString("accountId", transaction.AccountId);
        json.WriteString("timestamp", TimestampText.Format(transaction.TimestampTicks));
        Span<byte> amount = stackalloc byte[Money.TextBytesMax];
        json.WritePropertyName("amount");
        json.WriteRawValue(amount[..transaction.Amount.Format(amount)], skipInputValidation: true);
        WriteOptional(json, "currency", transaction.Text(TransactionField.Currency));
        WriteOptional(json, "merchantId", transaction.Text(TransactionField.MerchantId));
        WriteOptional(json, "terminalId", transaction.Text(TransactionField.TerminalId));
        WriteOptional(json, "deviceId", transaction.Text(TransactionField.DeviceId));
        WriteOptional(json, "counterpartyId", transaction.Text(TransactionField.CounterpartyId));
        WriteOptional(json, "merchantCategory", transaction.Text(TransactionField.MerchantCategory));
        WriteOptional(json, "country", transaction.Text(TransactionField.Country));
        WriteOptional(json, "channel", transaction.Text(TransactionField.Channel));
        WriteOptional(json, "ipAddress", transaction.Text(TransactionField.IpAddress));
        if (transaction.HasPosition)
        {
            json.WriteNumber("latitude", transaction.LatitudeE7 / 10_000_000m);
            json.WriteNumber("longitude", transaction.LongitudeE7 / 10_000_000m);
        }
    }

    /// <summary>Writes outcome, score, reasons, tags, activity, rule set, model and alert id into the object that is open.</summary>
    public static void WriteDecision(Utf8JsonWriter json, Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        var set = catalog[decision.RuleSetNumber];
        json.WriteString("outcome", OutcomeText(decision.Outcome));
        json.WriteNumber("score", decision.Score.ToDecimal());
        WriteReasons(json, transaction, decision, catalog);
        if (decision.Errors.Length > 0)
        {
            json.WriteStartArray("ruleErrors");
            foreach (var rule in decision.Errors)
            {
                json.WriteStringValue(set.Reasons[rule].Rule);
            }

            json.WriteEndArray();
        }

        json.WriteString("ruleSet", set.Reference);
        if (decision.ModelNumber > 0)
        {
            json.WriteString("model", catalog[decision.ModelNumber].Reference);
        }

        if (decision.Unanswered != 0)
        {
            json.WriteStartArray("unanswered");
            foreach (var kind in EntityKinds.Visited.Where(decision.IsUnanswered))
            {
                json.WriteStringValue(EntityKinds.NameOf(kind));
            }

            json.WriteEndArray();
        }

        if (decision.RaisesAlert)
        {
            json.WriteString("alertId", AlertId.Of(transaction).ToString());
        }
    }

    public static string OutcomeText(Outcome outcome) => outcome switch
    {
        Outcome.None => "none",
        Outcome.Approve => "approve",
        Outcome.Review => "review",
        Outcome.Decline => "decline",
    };

    private static void WriteReasons(Utf8JsonWriter json, Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        WriteReasons(json, "reasons", transaction, catalog.ReasonsOf(decision));
        var tags = catalog[decision.RuleSetNumber].TagsOf(decision.Hits);
        if (tags.Count > 0)
        {
            json.WriteStartArray("tags");
            foreach (var tag in tags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
        }

        if (!decision.Activity.IsEmpty)
        {
            WriteReasons(json, "activity", transaction, catalog.ActivityOf(decision));
        }
    }

    private static void WriteReasons(Utf8JsonWriter json, string name, Transaction transaction, IReadOnlyList<ReasonCode> reasons)
    {
        var text = new ArrayBufferWriter<byte>(256);
        json.WriteStartArray(name);
        foreach (var reason in reasons)
        {
            text.ResetWrittenCount();
            reason.WriteJson(text, transaction);
            json.WriteRawValue(text.WrittenSpan, skipInputValidation: true);
        }

        json.WriteEndArray();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty)
        {
            json.WriteString(name, text);
        }
    }
}

using System.Buffers;

namespace FraudEngine.Domain;

/// <summary>A decision in the contract's JSON.</summary>
public static class DecisionJson
{
    public static void Write(IBufferWriter<byte> output, Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        var set = catalog[decision.RuleSetNumber];
        JsonText.Raw(output, "{\"transactionId\":"u8);
        JsonText.String(output, transaction.TransactionId);
        JsonText.Raw(output, ",\"accountId\":"u8);
        JsonText.String(output, transaction.AccountId);
        WriteOutcome(output, transaction, decision, set);
        JsonText.Raw(output, ",\"ruleSet\":"u8);
        JsonText.Raw(output, set.ReferenceJson);
        if (decision.RaisesAlert)
        {
            Span<byte> alertId = stackalloc byte[AlertId.TextBytes];
            AlertId.Of(transaction).Format(alertId);
            JsonText.Raw(output, ",\"alertId\":"u8);
            JsonText.String(output, alertId);
        }

        JsonText.Raw(output, "}"u8);
    }

    /// <summary>Writes <c>,"outcome":…,"score":…,"reasons":[…]</c>, and the tags where the rules that were hit have any.</summary>
    public static void WriteOutcome(IBufferWriter<byte> output, Transaction transaction, Decision decision, DecidingRuleSet set)
    {
        JsonText.Raw(output, OutcomeMember(decision.Outcome));
        JsonText.Raw(output, ",\"score\":"u8);
        Span<byte> score = stackalloc byte[Score.TextBytesMax];
        JsonText.Raw(output, score[..decision.Score.Format(score)]);
        JsonText.Raw(output, ",\"reasons\":["u8);
        var isFirst = true;
        foreach (var rule in decision.Hits)
        {
            if (!isFirst)
            {
                JsonText.Raw(output, ","u8);
            }

            isFirst = false;
            set.Reasons[rule].WriteJson(output, transaction);
        }

        JsonText.Raw(output, "]"u8);
        set.WriteTags(output, decision.Hits);
    }

    private static ReadOnlySpan<byte> OutcomeMember(Outcome outcome) => outcome switch
    {
        Outcome.None => ",\"outcome\":null"u8,
        Outcome.Approve => ",\"outcome\":\"approve\""u8,
        Outcome.Review => ",\"outcome\":\"review\""u8,
        Outcome.Decline => ",\"outcome\":\"decline\""u8,
    };
}

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
        WriteOutcome(output, transaction, decision, catalog);
        JsonText.Raw(output, ",\"ruleSet\":"u8);
        JsonText.Raw(output, set.ReferenceJson);
        if (decision.ModelNumber > 0)
        {
            JsonText.Raw(output, ",\"model\":"u8);
            JsonText.Raw(output, catalog[decision.ModelNumber].ReferenceJson);
        }

        if (decision.Unanswered != 0)
        {
            WriteUnanswered(output, decision);
        }

        if (decision.RaisesAlert)
        {
            Span<byte> alertId = stackalloc byte[AlertId.TextBytes];
            AlertId.Of(transaction).Format(alertId);
            JsonText.Raw(output, ",\"alertId\":"u8);
            JsonText.String(output, alertId);
        }

        JsonText.Raw(output, "}"u8);
    }

    /// <summary>Writes <c>,"outcome":…,"score":…,"reasons":[…]</c>, the tags where the rules that were hit have any, and the activity where there is any.</summary>
    private static void WriteOutcome(IBufferWriter<byte> output, Transaction transaction, Decision decision, ReasonCatalog catalog)
    {
        var set = catalog[decision.RuleSetNumber];
        JsonText.Raw(output, OutcomeMember(decision.Outcome));
        JsonText.Raw(output, ",\"score\":"u8);
        Span<byte> score = stackalloc byte[Score.TextBytesMax];
        JsonText.Raw(output, score[..decision.Score.Format(score)]);
        JsonText.Raw(output, ",\"reasons\":["u8);
        WriteReasons(output, transaction, set, decision.Hits, isFirst: true);
        if (!decision.ModelReasons.IsEmpty)
        {
            WriteReasons(output, transaction, catalog[decision.ModelNumber], decision.ModelReasons, decision.Hits.IsEmpty);
        }

        if (TermsReasons.Of(decision) is { } terms)
        {
            JsonText.Raw(output, decision.Hits.IsEmpty && decision.ModelReasons.IsEmpty ? ""u8 : ","u8);
            terms.WriteJson(output, transaction);
        }

        JsonText.Raw(output, "]"u8);
        set.WriteTags(output, decision.Hits);
        if (!decision.Activity.IsEmpty)
        {
            JsonText.Raw(output, ",\"activity\":["u8);
            WriteReasons(output, transaction, set, decision.Activity, isFirst: true);
            JsonText.Raw(output, "]"u8);
        }
    }

    private static void WriteReasons(IBufferWriter<byte> output, Transaction transaction, DecidingRuleSet set, ReadOnlySpan<ushort> reasons, bool isFirst)
    {
        foreach (var reason in reasons)
        {
            if (!isFirst)
            {
                JsonText.Raw(output, ","u8);
            }

            isFirst = false;
            set.Reasons[reason].WriteJson(output, transaction);
        }
    }

    /// <summary>Writes <c>,"unanswered":["terminal"]</c>: the entities without which it was decided.</summary>
    private static void WriteUnanswered(IBufferWriter<byte> output, Decision decision)
    {
        JsonText.Raw(output, ",\"unanswered\":"u8);
        var separator = "["u8;
        foreach (var kind in EntityKinds.Visited)
        {
            if (decision.IsUnanswered(kind))
            {
                JsonText.Raw(output, separator);
                JsonText.String(output, EntityKinds.Utf8NameOf(kind));
                separator = ","u8;
            }
        }

        JsonText.Raw(output, "]"u8);
    }

    private static ReadOnlySpan<byte> OutcomeMember(Outcome outcome) => outcome switch
    {
        Outcome.None => ",\"outcome\":null"u8,
        Outcome.Approve => ",\"outcome\":\"approve\""u8,
        Outcome.Review => ",\"outcome\":\"review\""u8,
        Outcome.Decline => ",\"outcome\":\"decline\""u8,
    };
}

using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;

namespace FraudEngine.Engine.Explaining;

/// <summary>Says in sentences in what a decision that was made again differs from the stored one. No sentence: the same bits.</summary>
internal static class DecisionDifferences
{
    private const int SentencesMax = 50;

    /// <param name="entry">The stored entry.</param>
    public static ImmutableArray<string> Between(ReadOnlySpan<byte> entry, TransactionDecided stored, TransactionDecided again, RuleSet rules)
    {
        var sentences = new List<string>();
        if (stored.Decision.Outcome != again.Decision.Outcome)
        {
            sentences.Add($"The outcome is stored as {TransactionJson.OutcomeText(stored.Decision.Outcome)}, but made again it is {TransactionJson.OutcomeText(again.Decision.Outcome)}.");
        }

        if (stored.Decision.Score != again.Decision.Score)
        {
            sentences.Add($"The score is stored as {stored.Decision.Score}, but made again it is {again.Decision.Score}.");
        }

        if (stored.Decision.ListsVersion != again.Decision.ListsVersion)
        {
            sentences.Add($"The lists are stored as version {stored.Decision.ListsVersion}, but the rules ask version {again.Decision.ListsVersion}.");
        }

        if (!stored.Decision.ModelReasons.SequenceEqual(again.Decision.ModelReasons))
        {
            sentences.Add("Other features are stored as the model's reasons than those that come of the stored features.");
        }

        CompareTerms(stored.Decision, again.Decision, rules, sentences);
        Compare(stored.Decision.Hits, again.Decision.Hits, rules, "hit", sentences);
        Compare(stored.Decision.Errors, again.Decision.Errors, rules, "in error", sentences);
        Compare(stored.Features, again.Features, rules, sentences);
        if (sentences.Count == 0 && !IsSameEntry(entry, stored, again))
        {
            sentences.Add("The stored entry's bytes are not those that this decision is stored as.");
        }

        return sentences.Count <= SentencesMax ? [.. sentences] : [.. sentences.Take(SentencesMax), $"There are {sentences.Count - SentencesMax} more differences."];
    }

    private static void CompareTerms(Decision stored, Decision again, RuleSet rules, List<string> sentences)
    {
        if (stored.TermsSequence != again.TermsSequence)
        {
            sentences.Add($"What stood for the account is stored as of its entry {stored.TermsSequence}, but it is of entry {again.TermsSequence}.");
        }

        if (stored.Held != again.Held)
        {
            sentences.Add($"The hold of the account is stored as {TransactionJson.OutcomeText(stored.Held)}, but made again it is {TransactionJson.OutcomeText(again.Held)}.");
        }

        if (stored.IsConfirmedPattern != again.IsConfirmedPattern)
        {
            sentences.Add(stored.IsConfirmedPattern
                ? "The payment is stored as one like a confirmed one, but made again it is not."
                : "The payment is like one that the customer has confirmed, but is not stored so.");
        }

        Compare(stored.Activity, again.Activity, rules, "chosen and hit", sentences);
    }

    private static void Compare(ReadOnlySpan<ushort> stored, ReadOnlySpan<ushort> again, RuleSet rules, string what, List<string> sentences)
    {
        foreach (var rule in stored)
        {
            if (!again.Contains(rule))
            {
                sentences.Add($"The rule {NameOf(rule, rules)} is stored as {what}, but made again it is not.");
            }
        }

        foreach (var rule in again)
        {
            if (!stored.Contains(rule))
            {
                sentences.Add($"The rule {NameOf(rule, rules)} is {what}, but is not stored so.");
            }
        }
    }

    private static void Compare(FeatureValues stored, FeatureValues again, RuleSet rules, List<string> sentences)
    {
        var before = BySlot(stored);
        var now = BySlot(again);
        EntityWindow[] windows = [.. EntityWindow.AllOf(rules.Plans)];
        foreach (var slot in before.Keys.Union(now.Keys).Order())
        {
            var was = before.TryGetValue(slot, out var value) ? Text(value) : "unknown";
            var is_ = now.TryGetValue(slot, out value) ? Text(value) : "unknown";
            if (was != is_)
            {
                var window = slot < windows.Length ? windows[slot].ToString() : $"window {slot}";
                sentences.Add($"{window} is stored as {was}, but made again it is {is_}.");
            }
        }
    }

    private static Dictionary<int, FeatureValue> BySlot(FeatureValues features)
    {
        var values = new Dictionary<int, FeatureValue>();
        foreach (var value in features.Values)
        {
            values[value.Slot] = value;
        }

        return values;
    }

    private static string Text(FeatureValue value) => value.IsText ? value.Text.ToString() : value.Number.ToString(CultureInfo.InvariantCulture);

    private static string NameOf(ushort rule, RuleSet rules) =>
        rule < rules.Rules.Length ? rules.Rules[rule].Id
        : rule < rules.Rules.Length + rules.Activity.Length ? rules.Activity[rule - rules.Rules.Length].Id
        : $"number {rule}";

    /// <summary>Whether both are written as the same bytes, and those are the stored ones unless an earlier version of the engine wrote them in another form.</summary>
    private static bool IsSameEntry(ReadOnlySpan<byte> entry, TransactionDecided stored, TransactionDecided again)
    {
        var rewritten = new ArrayBufferWriter<byte>(entry.Length);
        EntryCodec.Write(rewritten, again);
        var asStored = new ArrayBufferWriter<byte>(entry.Length);
        EntryCodec.Write(asStored, stored);
        return rewritten.WrittenSpan.SequenceEqual(asStored.WrittenSpan)
            && (entry[0] != rewritten.WrittenSpan[0] || entry.SequenceEqual(rewritten.WrittenSpan));
    }
}

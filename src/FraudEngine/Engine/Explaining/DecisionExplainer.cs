using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Explanation;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Explaining;

/// <summary>
/// Explains stored decisions: makes them again from the journal and compares. Works on the pool, beside the decisions of the day, a few at a time; what it holds
/// does not grow with the account, but for the history that its windows need.
/// </summary>
public sealed class DecisionExplainer(DecisionEngine engine, IJournal journal, IRuleStore store, WindowSettings settings) : IDisposable
{
    /// <summary>Explanations that are made at a time; so many more wait as <see cref="WaitingMax"/> says, and beyond that the answer is Busy.</summary>
    public const int RunningMax = 2;

    public const int WaitingMax = 16;

    private readonly StoredRules _rules = new(store, settings);
    private readonly SemaphoreSlim _running = new(RunningMax);
    private int _inside;

    /// <summary>Why a transaction was decided as it was.</summary>
    /// <param name="accountId">As UTF-8, as is the transaction's id.</param>
    public async Task<ExplanationAnswer> ExplainAsync(byte[] accountId, byte[] transactionId, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _inside) > RunningMax + WaitingMax)
        {
            Interlocked.Decrement(ref _inside);
            return new ExplanationAnswer(ExplanationAnswerKind.Busy);
        }

        try
        {
            await _running.WaitAsync(cancellation);
            try
            {
                return await FindAsync(accountId, transactionId, cancellation);
            }
            finally
            {
                _running.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    public void Dispose() => _running.Dispose();

    private async Task<ExplanationAnswer> FindAsync(byte[] accountId, byte[] transactionId, CancellationToken cancellation)
    {
        var stored = new TransactionDecided();
        StoredEntry entry;
        try
        {
            if (await journal.FindEntryAsync(accountId, Hash64.Of(transactionId, engine.IdHashSeed), transactionId) is not { } found)
            {
                return new ExplanationAnswer(ExplanationAnswerKind.Unknown);
            }

            entry = found;
            EntryCodec.Read(entry.Bytes, accountId, entry.Sequence, stored);
        }
        catch (InvalidDataException)
        {
            return new ExplanationAnswer(ExplanationAnswerKind.Damaged);
        }

        return new ExplanationAnswer(ExplanationAnswerKind.Explained, await ExplainAsync(accountId, entry, stored, cancellation));
    }

    /// <summary>What stands for an account now; null where that can't be told.</summary>
    private async Task<AccountTerms?> ReadTermsAsync(byte[] accountId)
    {
        try
        {
            return (await engine.QueryAsync(accountId, null))?.Terms;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private async Task<DecisionExplanation> ExplainAsync(byte[] accountId, StoredEntry entry, TransactionDecided stored, CancellationToken cancellation)
    {
        var explanation = new DecisionExplanation(entry.Sequence, stored.Transaction, stored.Decision);
        try
        {
            var rules = await _rules.ReadAsync(stored.Decision.RuleSetNumber);
            var lists = await _rules.ReadListsAsync(rules, stored.Decision.ListsVersion);
            var texts = new LongTexts();
            texts.Add(stored.Transaction);
            var past = new AccountPast(journal, accountId, engine.IdHashSeed, () => ReadTermsAsync(accountId));
            var state = await past.RebuildAsync(rules.Windows, entry.Sequence, stored.Transaction.TimestampTicks, stored.Decision.TermsSequence, texts, cancellation);
            var model = await _rules.ReadModelAsync(stored.Decision.ModelNumber);
            return Explain(explanation, entry, stored, rules, model, lists, state, texts);
        }
        catch (RuleSetException unreadable)
        {
            return explanation with
            {
                Differences = [$"The rule set that decided can't be read with the present settings (the horizon may have been shortened): {unreadable.Errors[0].Message}."],
            };
        }
        catch (InvalidDataException damaged)
        {
            return explanation with { Differences = [$"The decision can't be made again. {damaged.Message}"] };
        }
    }

    private static DecisionExplanation Explain(
        DecisionExplanation explanation, StoredEntry entry, TransactionDecided stored, RuleSet rules, ScoringModel? model, NamedLists lists, AccountState state, LongTexts texts)
    {
        var again = new TransactionDecided();
        EntryCodec.Read(entry.Bytes, stored.Transaction.AccountId, entry.Sequence, again);
        var entities = StoredReadings.Of(stored, rules.Plans);
        var numbered = model is null ? null : new NumberedModel(model, stored.Decision.ModelNumber);
        new AccountMachine(rules, stored.Decision.RuleSetNumber, lists, numbered).DecideAgain(state, again, entities);
        if (rules.ListNames.IsEmpty)
        {
            // Then it is the version that the model's features asked, which are taken as stored.
            again.Decision.ListsVersion = stored.Decision.ListsVersion;
        }

        // What the machine has asked of them is not what the explanation will.
        entities = StoredReadings.Of(stored, rules.Plans);
        var windows = new WindowReader(rules.Windows);
        windows.Begin(state.History, stored.Transaction);
        var evaluation = new RuleEvaluation();
        evaluation.Begin(stored.Transaction, windows, rules.Bind(lists), entities.Rules);
        return explanation with
        {
            Thresholds = new ExplainedThresholds(rules.ReviewThreshold, rules.DeclineThreshold),
            Rules = [.. rules.Explain(evaluation, texts.Find).Select(ToRule)],
            Windows = ReadWindows(rules.Plans, windows, entities.Rules, stored.Features, texts),
            Model = model is null ? null : ToModel(model, stored.ModelFeatures.Values),
            Differences = DecisionDifferences.Between(entry.Bytes, stored, again, rules),
        };
    }

    private static ImmutableArray<ExplainedWindow> ReadWindows(WindowPlans plans, WindowReader windows, EntityValues entities, FeatureValues features, LongTexts texts)
    {
        var used = new HashSet<int>();
        foreach (var value in features.Values)
        {
            used.Add(value.Slot);
        }

        var explained = ImmutableArray.CreateBuilder<ExplainedWindow>(plans.Count);
        foreach (var window in EntityWindow.AllOf(plans))
        {
            var slot = explained.Count - plans.OffsetOf(window.Kind);
            var text = default(TextKey);
            var number = 0m;
            var status = (window.Kind, window.Spec.IsText) switch
            {
                (EntityKind.Account, true) => windows.Text(slot, out text),
                (EntityKind.Account, false) => windows.Number(slot, out number),
                (_, true) => entities[window.Kind].Text(slot, out text),
                (_, false) => entities[window.Kind].Number(slot, out number),
            };
            explained.Add(new ExplainedWindow(
                window.ToString(),
                status == WindowStatus.Ok && !window.Spec.IsText ? number : null,
                status == WindowStatus.Ok && window.Spec.IsText ? texts.Find(text) ?? text.ToString() : null,
                used.Contains(explained.Count),
                status == WindowStatus.Forgotten));
        }

        return explained.MoveToImmutable();
    }

    private static ExplainedModel ToModel(ScoringModel model, ReadOnlySpan<float> features)
    {
        var contributions = new float[features.Length];
        model.Trees.Contribute(features, contributions);
        var explained = ImmutableArray.CreateBuilder<ExplainedFeature>(features.Length);
        for (var i = 0; i < features.Length; i++)
        {
            var feature = model.Features.Features[i];
            explained.Add(new ExplainedFeature(feature.Name, feature.Value, float.IsNaN(features[i]) ? null : features[i], contributions[i]));
        }

        return new ExplainedModel(model.Features.Reference, model.ScoreOf(features), explained.MoveToImmutable());
    }

    private static ExplainedRule ToRule(RuleExplanation explained) => new(
        explained.Rule.Id,
        explained.Rule.When,
        explained.Rule.Score,
        explained.Rule.Action,
        explained.Rule.Tags,
        explained.Result == RuleResult.Hit,
        explained.Result == RuleResult.Error,
        ToPart(explained.Condition));

    private static ExplainedPart ToPart(ExpressionExplanation part) => new(
        part.Text, part.Type, part.Value, part.Status == ExpressionStatus.Error, part.Reason, [.. part.Parts.Select(ToPart)]);
}

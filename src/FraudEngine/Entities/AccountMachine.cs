using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>
/// Decides an account's transactions: <see cref="Check"/> says whether one is to be decided, <see cref="Decide"/> how, <c>Evolve</c> what is remembered.
/// Pure: the same state, transaction and rule set give the same event. One machine serves all accounts of a shard; it holds only working memory.
/// </summary>
public sealed class AccountMachine
{
    private readonly RuleSet _rules;
    private readonly int _ruleSetNumber;
    private readonly WindowReader _windows;
    private readonly RuleEvaluation _evaluation = new();
    private readonly ImmutableArray<NamedList> _lists;
    private readonly long _listsVersion;
    private readonly ModelScorer? _scorer;

    /// <param name="ruleSetNumber">The journal's number for <paramref name="rules"/>.</param>
    /// <param name="lists">The named lists that the rules and the model ask.</param>
    /// <param name="model">Null where none scores.</param>
    public AccountMachine(RuleSet rules, int ruleSetNumber, NamedLists lists, NumberedModel? model = null)
    {
        _rules = rules;
        _ruleSetNumber = ruleSetNumber;
        _windows = new WindowReader(rules.Windows);
        _lists = rules.Bind(lists);
        _scorer = model is null ? null : new ModelScorer(model, lists);
        _listsVersion = _lists.IsEmpty && model is not { Model.Features.ListNames.IsEmpty: false } ? 0 : lists.Version;
    }

    /// <summary>Whether a transaction is to be decided; where it may be a resend, the journal must be asked first.</summary>
    public static Admissibility Check(AccountState state, Transaction transaction, ulong idHash) =>
        state.Seen.MayContain(idHash) ? Admissibility.PerhapsSeen : CheckNew(state, transaction);

    /// <summary>As <see cref="Check"/>, for a transaction that the journal does not have.</summary>
    public static Admissibility CheckNew(AccountState state, Transaction transaction) =>
        state.History.IsTooLate(transaction.TimestampTicks) ? Admissibility.TooLate : Admissibility.Admissible;

    /// <summary>Decides an admissible transaction and fills <paramref name="decided"/>, whose transaction is set. Leaves the state as it is.</summary>
    /// <param name="entities">What the entities say that the transaction names; null where there are none.</param>
    public void Decide(AccountState state, TransactionDecided decided, EntityReadings? entities = null) => DecideOn(state, decided, entities, isAgain: false);

    /// <summary>Decides once more what was decided, by the model's features that are stored with it: they rest on what entities knew then.</summary>
    public void DecideAgain(AccountState state, TransactionDecided stored, EntityReadings entities) => DecideOn(state, stored, entities, isAgain: true);

    private void DecideOn(AccountState state, TransactionDecided decided, EntityReadings? entities, bool isAgain)
    {
        var decision = decided.Decision;
        decision.Clear();
        decision.RuleSetNumber = _ruleSetNumber;
        decision.ListsVersion = _listsVersion;
        decision.Unanswered = entities?.Unanswered ?? 0;
        _windows.Begin(state.History, decided.Transaction);
        _evaluation.Begin(decided.Transaction, _windows, _lists, entities?.Rules);
        _rules.Evaluate(_evaluation);

        var score = 0L;
        var actions = default(ActionsHit);
        var results = _evaluation.Results;
        for (var i = 0; i < results.Length; i++)
        {
            if (results[i] == RuleResult.Hit)
            {
                score += _rules.Rules[i].Score.Billionths;
                actions = actions.With(_rules.Rules[i].Action);
                decision.AddHit(i);
            }
            else if (results[i] == RuleResult.Error)
            {
                decision.AddError(i);
            }
        }

        decision.Score = Score.Clamp(score);
        if (_scorer is null)
        {
            decided.ModelFeatures.Clear();
        }
        else
        {
            if (!isAgain)
            {
                _scorer.Read(state, decided, entities?.Model);
            }

            decision.Score = _scorer.Score(decided, decision.Score);
        }

        decision.Outcome = _rules.OutcomeOf(decision.Score, actions);
        if (!state.Terms.IsNone)
        {
            Apply(state.Terms, decided, actions);
        }

        if (decision.RaisesFraudAlert)
        {
            _scorer?.GiveReasons(decided, _rules.ReviewThreshold);
        }

        decided.Sequence = state.Sequence + 1;
        CollectFeatures(decided.Features, entities?.Rules);
    }

    /// <summary>
    /// What stands for the account: its hold makes the outcome at least what it says; where it is not held, the score of a payment like one that the customer has
    /// confirmed stops nothing. Then the activity alerts that the customer has chosen, which change no outcome.
    /// </summary>
    private void Apply(AccountTerms terms, TransactionDecided decided, ActionsHit actions)
    {
        var decision = decided.Decision;
        decision.TermsSequence = terms.Sequence;
        if (terms.Hold is { } hold)
        {
            decision.Held = hold.Outcome;
            decision.Outcome = hold.Outcome > decision.Outcome ? hold.Outcome : decision.Outcome;
        }
        else if (terms.HasConfirmed(decided.Transaction))
        {
            decision.IsConfirmedPattern = true;
            decision.Outcome = RuleSet.OutrightOf(actions);
        }

        foreach (var chosen in terms.Activity)
        {
            // Other rules may have come into force since it was chosen, and not have it.
            var place = _rules.FindActivity(chosen.Id);
            if (place >= 0 && _rules.Activity[place].Evaluate(_evaluation, chosen) == RuleResult.Hit && !decision.Activity.Contains((ushort)(_rules.Rules.Length + place)))
            {
                decision.AddActivity(_rules.Rules.Length + place);
            }
        }
    }

    /// <summary>Remembers a decided transaction, live or replayed from the journal.</summary>
    public static void Evolve(AccountState state, TransactionDecided decided)
    {
        state.Sequence = decided.Sequence;
        state.Seen.Add(decided.IdHash);
        state.History.Add(decided.Transaction, decided.EventId);
    }

    /// <summary>Remembers a label, live or replayed from the journal.</summary>
    /// <param name="eventId">That of the transaction that it labels.</param>
    public static void Evolve(AccountState state, TransactionLabelled labelled, ulong eventId)
    {
        state.Sequence = labelled.Sequence;
        state.Others++;
        state.History.Label(labelled.TimestampTicks, eventId, labelled.IsFraud);
    }

    /// <summary>Remembers a change, live or replayed from the journal.</summary>
    public static void Evolve(AccountState state, AccountChanged changed)
    {
        state.Sequence = changed.Sequence;
        state.Others++;
        state.Terms = changed.Terms;
    }

    /// <summary>What every window of the rule set says of the account as of an instant, in UTC ticks.</summary>
    public ImmutableArray<WindowValue> ReadWindows(AccountState state, long asOfTicks)
    {
        _windows.BeginAt(state.History, asOfTicks);
        var values = ImmutableArray.CreateBuilder<WindowValue>(_rules.Windows.Specs.Length);
        for (var slot = 0; slot < _rules.Windows.Specs.Length; slot++)
        {
            var spec = _rules.Windows.Specs[slot];
            var text = default(TextKey);
            var number = 0m;
            var status = spec.IsText ? _windows.Text(slot, out text) : _windows.Number(slot, out number);
            values.Add(new WindowValue(spec, status, number, text));
        }

        return values.MoveToImmutable();
    }

    private void CollectFeatures(FeatureValues features, EntityValues? entities)
    {
        features.Clear();
        for (var slot = 0; slot < _rules.Windows.Specs.Length; slot++)
        {
            if (!_windows.IsRead(slot))
            {
                continue;
            }

            if (_rules.Windows.Specs[slot].IsText)
            {
                Collect(features, slot, _windows.Text(slot, out var text), text);
            }
            else
            {
                Collect(features, slot, _windows.Number(slot, out var number), number);
            }
        }

        if (entities is null)
        {
            return;
        }

        foreach (var kind in _rules.Plans.Visited)
        {
            CollectFeatures(features, _rules.Plans[kind].Specs, entities[kind], _rules.Plans.OffsetOf(kind));
        }
    }

    private static void CollectFeatures(FeatureValues features, ImmutableArray<WindowSpec> specs, WindowValues values, int offset)
    {
        for (var slot = 0; slot < specs.Length; slot++)
        {
            if (!values.IsRead(slot))
            {
                continue;
            }

            if (specs[slot].IsText)
            {
                Collect(features, offset + slot, values.Text(slot, out var text), text);
            }
            else
            {
                Collect(features, offset + slot, values.Number(slot, out var number), number);
            }
        }
    }

    private static void Collect(FeatureValues features, int slot, WindowStatus status, TextKey text)
    {
        if (status == WindowStatus.Ok)
        {
            features.Add(new FeatureValue(slot, true, 0, text));
        }
    }

    private static void Collect(FeatureValues features, int slot, WindowStatus status, decimal number)
    {
        if (status == WindowStatus.Ok)
        {
            features.Add(new FeatureValue(slot, false, number, default));
        }
    }
}

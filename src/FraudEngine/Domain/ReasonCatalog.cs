using System.Collections.Immutable;

namespace FraudEngine.Domain;

/// <summary>Every rule set and every model that has ever decided, numbered in one row, so that an old decision still tells its reasons. Safe to read while one is added.</summary>
public sealed class ReasonCatalog
{
    private ImmutableArray<DecidingRuleSet?> _sets = [];

    public void Add(DecidingRuleSet set) =>
        ImmutableInterlocked.Update(
            ref _sets,
            static (sets, added) =>
            {
                var grown = sets.ToBuilder();
                while (grown.Count <= added.Number)
                {
                    grown.Add(null);
                }

                grown[added.Number] = added;
                return grown.ToImmutable();
            },
            set);

    /// <summary>Whether another rule set than the numbered one has its reference: the rules were changed and their version was not.</summary>
    public bool HasNamesake(int number)
    {
        var reference = this[number].Reference;
        foreach (var set in _sets)
        {
            if (set is not null && set.Number != number && set.Reference == reference)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why it was decided so: the rules that were hit, then the features that moved the model's score most, then what stands for the account.</summary>
    public IReadOnlyList<ReasonCode> ReasonsOf(Decision decision)
    {
        var reasons = new List<ReasonCode>();
        foreach (var rule in decision.Hits)
        {
            reasons.Add(this[decision.RuleSetNumber].Reasons[rule]);
        }

        foreach (var feature in decision.ModelReasons)
        {
            reasons.Add(this[decision.ModelNumber].Reasons[feature]);
        }

        if (TermsReasons.Of(decision) is { } terms)
        {
            reasons.Add(terms);
        }

        return reasons;
    }

    /// <summary>The activity alerts that the customer has chosen and that were hit.</summary>
    public IReadOnlyList<ReasonCode> ActivityOf(Decision decision)
    {
        var activity = new List<ReasonCode>();
        foreach (var reason in decision.Activity)
        {
            activity.Add(this[decision.RuleSetNumber].Reasons[reason]);
        }

        return activity;
    }

    /// <summary>Whether the rule set, or the model, of that number was added.</summary>
    public bool Has(int number)
    {
        var sets = _sets;
        return number >= 0 && number < sets.Length && sets[number] is not null;
    }

    /// <summary>The rule set, or the model, of that number, which must have been added.</summary>
    public DecidingRuleSet this[int number] => _sets[number] ?? throw new KeyNotFoundException($"Rule set {number} is not in the catalog.");
}

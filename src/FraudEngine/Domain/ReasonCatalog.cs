using System.Collections.Immutable;

namespace FraudEngine.Domain;

/// <summary>Every rule set that has ever decided, so that an old decision still tells its reasons. Safe to read while one is added.</summary>
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

    /// <summary>The rule set of that number, which must have been added.</summary>
    public DecidingRuleSet this[int number] => _sets[number] ?? throw new KeyNotFoundException($"Rule set {number} is not in the catalog.");
}

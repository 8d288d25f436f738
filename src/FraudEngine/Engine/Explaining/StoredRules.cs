using FraudEngine.Engine.Lists;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Rules.Lists;
using FraudEngine.Scoring;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Explaining;

/// <summary>Rule sets and named lists as they were when they decided. From any thread.</summary>
internal sealed class StoredRules(IRuleStore store, WindowSettings settings)
{
    private const int KeptMax = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<int, RuleSet> _kept = [];
    private readonly Queue<int> _oldest = new();
    private (int Number, ScoringModel? Model) _model;

    /// <summary>The rule set of a number. The last few are kept; a further one takes the place of the one that was read longest ago.</summary>
    /// <exception cref="RuleSetException">It can't be compiled with the present settings.</exception>
    public async Task<RuleSet> ReadAsync(int number)
    {
        lock (_gate)
        {
            if (_kept.TryGetValue(number, out var kept))
            {
                return kept;
            }
        }

        var stored = (await store.ReadRuleSetsAsync()).FirstOrDefault(set => set.Number == number)
            ?? throw new InvalidDataException($"Rule set {number} is not stored.");
        var rules = RuleSet.Parse(stored.Source, stored.Reference, settings);
        lock (_gate)
        {
            if (_kept.TryAdd(number, rules))
            {
                _oldest.Enqueue(number);
                if (_oldest.Count > KeptMax)
                {
                    _kept.Remove(_oldest.Dequeue());
                }
            }
        }

        return rules;
    }

    /// <summary>The model of a number; null for 0, which is none.</summary>
    /// <exception cref="RuleSetException">It can't be compiled with the present settings.</exception>
    public async Task<ScoringModel?> ReadModelAsync(int number)
    {
        if (number == 0)
        {
            return null;
        }

        lock (_gate)
        {
            if (_model.Number == number)
            {
                return _model.Model;
            }
        }

        var stored = (await store.ReadModelsAsync()).FirstOrDefault(model => model.Number == number)
            ?? throw new InvalidDataException($"Model {number} is not stored.");
        try
        {
            var model = ScoringModel.Load(FeatureSet.Parse(stored.Source, stored.Reference, settings), await store.ReadTreesAsync(number));
            lock (_gate)
            {
                _model = (number, model);
            }

            return model;
        }
        catch (ModelException damaged)
        {
            throw new InvalidDataException(damaged.Message);
        }
    }

    /// <summary>Those of the lists at a version that the rule set asks.</summary>
    public async Task<NamedLists> ReadListsAsync(RuleSet rules, long version)
    {
        if (rules.ListNames.IsEmpty)
        {
            return NamedLists.Empty;
        }

        var stored = await store.ReadListsAsync(version);
        return ListBook.Load(stored with { Version = version, Lists = [.. stored.Lists.Where(list => rules.ListNames.Contains(list.Name))] });
    }
}

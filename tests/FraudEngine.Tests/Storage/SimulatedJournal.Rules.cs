using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>The rule store in memory; everything is done at once.</summary>
internal partial class SimulatedJournal
{
    /// <summary>Whether the next change of rules, lists or shadows fails.</summary>
    public Func<bool> ChangeFails { get; set; } = static () => false;

    public Task<IReadOnlyList<StoredRuleSet>> ReadRuleSetsAsync() =>
        Task.FromResult<IReadOnlyList<StoredRuleSet>>([.. _store.RuleSets.Select(set => new StoredRuleSet(set.Set.Number, set.Name, set.Version, set.Source))]);

    public Task<int> RegisterAsync(string name, int version, string source, IReadOnlyList<ReasonCode> reasons) => Change(() =>
    {
        var known = _store.RuleSets.Find(set => set.Name == name && set.Version == version && set.Source == source);
        if (known.Set is null)
        {
            known = (name, version, source, new DecidingRuleSet(NextNumber, $"{name}@{version}", [.. reasons]));
            _store.RuleSets.Add(known);
        }

        Catalog.Add(known.Set);
        return known.Set.Number;
    });

    public Task PutInForceAsync(RuleSetChange change) => Change(() =>
    {
        _store.RuleChanges.Add(change);
        return true;
    });

    public Task<IReadOnlyList<RuleSetChange>> ReadChangesAsync() => Task.FromResult<IReadOnlyList<RuleSetChange>>([.. _store.RuleChanges]);

    public Task<IReadOnlyList<StoredModel>> ReadModelsAsync() => Task.FromResult<IReadOnlyList<StoredModel>>([.. _store.Models.Select(model => model.Model)]);

    public Task<int> RegisterModelAsync(string name, int version, string source, byte[] trees, IReadOnlyList<ReasonCode> reasons) => Change(() =>
    {
        var known = _store.Models.Find(known => known.Model == new StoredModel(known.Model.Number, name, version, source) && known.Trees.SequenceEqual(trees));
        if (known.Set is null)
        {
            known = (new StoredModel(NextNumber, name, version, source), [.. trees], new DecidingRuleSet(NextNumber, $"{name}@{version}", [.. reasons]));
            _store.Models.Add(known);
        }

        Catalog.Add(known.Set);
        return known.Set.Number;
    });

    public Task<byte[]> ReadTreesAsync(int number) => _store.Models.Find(model => model.Model.Number == number) is { Trees: { } trees }
        ? Task.FromResult(trees)
        : Task.FromException<byte[]>(new InvalidDataException($"There is no model {number}."));

    public Task PutModelInForceAsync(RuleSetChange change) => Change(() =>
    {
        _store.ModelChanges.Add(change);
        return true;
    });

    public Task<IReadOnlyList<RuleSetChange>> ReadModelChangesAsync() => Task.FromResult<IReadOnlyList<RuleSetChange>>([.. _store.ModelChanges]);

    public Task<long> ChangeListAsync(string list, string owner, IReadOnlyList<StoredListEntry> changes) => Change<long>(() =>
    {
        _store.ListChanges.Add((list, owner, [.. changes]));
        return _store.ListChanges.Count;
    });

    public Task<StoredLists> ReadListsAsync(long? version = null)
    {
        var at = (int)Math.Min(version ?? long.MaxValue, _store.ListChanges.Count);
        var lists = _store.ListChanges.Take(at).Select((change, i) => (change.List, change.Owner, Version: i + 1)).GroupBy(change => change.List);
        return Task.FromResult(new StoredLists(at, [.. lists
            .OrderBy(list => list.Key, StringComparer.Ordinal)
            .Select(list => new StoredList(list.Key, list.Last().Owner, list.Last().Version, EntriesOf(list.Key, at)))]));
    }

    public Task<IReadOnlyList<StoredListEntry>> ReadListAsync(string list, string? after, int max) => Task.FromResult<IReadOnlyList<StoredListEntry>>(
        [.. EntriesOf(list, _store.ListChanges.Count).Where(entry => after is null || Utf8Order.Instance.Compare(entry.Text, after) > 0).Take(max)]);

    public Task PutShadowAsync(StoredShadow shadow) => Change(() => _store.Shadows[shadow.Name] = shadow);

    public Task<bool> RemoveShadowAsync(string name) => Change(() => _store.Shadows.Remove(name));

    public Task<IReadOnlyList<StoredShadow>> ReadShadowsAsync() =>
        Task.FromResult<IReadOnlyList<StoredShadow>>([.. _store.Shadows.Values.OrderBy(shadow => shadow.Name, StringComparer.Ordinal)]);

    public Task<string?> ReadSettingAsync(string name) => Task.FromResult(_store.Settings.GetValueOrDefault(name));

    public Task WriteSettingAsync(string name, string value) => Change(() => _store.Settings[name] = value);

    private int NextNumber => _store.RuleSets.Count + _store.Models.Count + 1;

    private Task<T> Change<T>(Func<T> change) => ChangeFails() ? Task.FromException<T>(new IOException("simulated")) : Task.FromResult(Revised(change));

    private T Revised<T>(Func<T> change)
    {
        var changed = change();
        _store.Revision++;
        return changed;
    }

    private List<StoredListEntry> EntriesOf(string list, int version)
    {
        var entries = new SortedDictionary<string, long>(Utf8Order.Instance);
        foreach (var (text, expires) in _store.ListChanges.Take(version).Where(change => change.List == list).SelectMany(change => change.Changes))
        {
            if (expires is { } ticks)
            {
                entries[text] = ticks;
            }
            else
            {
                entries.Remove(text);
            }
        }

        return [.. entries.Select(entry => new StoredListEntry(entry.Key, entry.Value))];
    }

    private sealed class Utf8Order : IComparer<string>
    {
        public static Utf8Order Instance { get; } = new();

        public int Compare(string? x, string? y) => Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}

using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>Entities, labels and models in memory.</summary>
internal sealed partial class SimulatedJournal
{
    public void IndexEntities(IReadOnlySet<EntityKind> kinds, Action<long, long>? progress = null)
    {
        _store.IndexedKinds.Clear();
        _store.IndexedKinds.UnionWith(kinds);
    }

    public Task<IReadOnlyList<StoredLabel>> ReadLabelsAsync(byte[] accountId, long from, long before) => Task.FromResult<IReadOnlyList<StoredLabel>>(
        [.. _store.Labels.Where(label => label.Key.Account == Name(accountId) && label.Key.Sequence >= from && label.Key.Sequence < before)
            .Select(label => new StoredLabel(label.Key.Sequence, label.Value)).OrderBy(label => label.Sequence)]);

    public Task<IReadOnlyList<StoredModel>> ReadModelsAsync() => Task.FromResult<IReadOnlyList<StoredModel>>(
        [.. _store.RuleSets.Where(set => _store.Trees.ContainsKey(set.Set.Number)).Select(set => new StoredModel(set.Set.Number, set.Name, set.Version, set.Source))]);

    public Task<int> RegisterModelAsync(string name, int version, string source, byte[] trees, IReadOnlyList<ReasonCode> reasons) => Change(() =>
    {
        var known = _store.RuleSets.Find(set => set.Name == name && set.Version == version && set.Source == source
            && _store.Trees.TryGetValue(set.Set.Number, out var stored) && stored.AsSpan().SequenceEqual(trees));
        if (known.Set is null)
        {
            known = (name, version, source, new DecidingRuleSet(_store.RuleSets.Count + 1, $"{name}@{version}", [.. reasons]));
            _store.RuleSets.Add(known);
            _store.Trees[known.Set.Number] = trees;
        }

        Catalog.Add(known.Set);
        return known.Set.Number;
    });

    public Task<byte[]> ReadTreesAsync(int number) => Task.FromResult(_store.Trees[number]);

    public Task PutModelInForceAsync(RuleSetChange change) => Change(() =>
    {
        _store.ModelChanges.Add(change);
        return true;
    });

    public Task<IReadOnlyList<RuleSetChange>> ReadModelChangesAsync() => Task.FromResult<IReadOnlyList<RuleSetChange>>([.. _store.ModelChanges]);

    private void Recover(EntityRecovery recovery)
    {
        if (!recovery.FromStart && _store.EntitySnapshots.TryGetValue(Convert.ToHexString(recovery.Key), out var snapshot))
        {
            (recovery.SnapshotPosition, recovery.Snapshot) = (snapshot.Position, snapshot.State);
        }

        var kind = EntityKey.KindOf(recovery.Key);
        var named = new EntryEntities();
        foreach (var row in _store.IndexedKinds.Contains(kind) ? _store.Rows : [])
        {
            if (named.TryRead(row.Entry) && row.Position > recovery.SnapshotPosition && named.IdOf(kind).SequenceEqual(EntityKey.IdOf(recovery.Key)))
            {
                recovery.Rows.Add(new JournalRow(row.Position, row.AccountId, row.Sequence, row.Entry));
            }
        }
    }
}

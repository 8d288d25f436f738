using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>Labels and entities in memory.</summary>
internal partial class SimulatedJournal
{
    private readonly EntryEntities _named = new();

    public void IndexEntities(IReadOnlySet<EntityKind> kinds, Action<long, long>? progress = null)
    {
        _store.IndexedKinds.IntersectWith(kinds);
        foreach (var (name, _) in _store.EntitySnapshots.Where(snapshot => !kinds.Contains(EntityKey.KindOf(snapshot.Value.Key))).ToList())
        {
            _store.EntitySnapshots.Remove(name);
        }

        if (_store.Rows.Count > 0 && !_store.IndexedKinds.SetEquals(kinds))
        {
            progress?.Invoke(_store.Rows.Count, _store.Rows.Count);
        }

        _store.IndexedKinds.UnionWith(kinds);
    }

    public Task<IReadOnlyList<StoredLabel>> ReadLabelsAsync(byte[] accountId, long from, long before) => Task.FromResult<IReadOnlyList<StoredLabel>>(
        [.. RowsOf(accountId)
            .Where(row => row.Labelled > 0 && row.Labelled >= from && row.Labelled < before)
            .GroupBy(row => row.Labelled, (labelled, labels) => new StoredLabel(labelled, labels.Last().IsFraud))
            .OrderBy(label => label.Sequence)]);

    public static string NameOf(ReadOnlySpan<byte> key) => Convert.ToHexString(key);

    private void AddToEntities(SimulatedStore.StoredRow row)
    {
        if (ChangeCodec.IsChange(row.Entry))
        {
            return;
        }

        _named.Read(row.Entry);
        foreach (var kind in EntityKinds.Visited)
        {
            if (_named.IdOf(kind) is { IsEmpty: false } id)
            {
                var name = NameOf(EntityKey.Of(kind, id));
                _store.ByEntity.TryAdd(name, []);
                _store.ByEntity[name].Add(row);
            }
        }
    }

    private void Store(in EntitySnapshotWrite snapshot)
    {
        var name = NameOf(snapshot.Key);
        if (_store.IndexedKinds.Contains(EntityKey.KindOf(snapshot.Key)) && _store.ByEntity.ContainsKey(name))
        {
            _store.EntitySnapshots[name] = snapshot;
        }
    }

    private void Recover(EntityRecovery recovery)
    {
        if (!_store.IndexedKinds.Contains(EntityKey.KindOf(recovery.Key)))
        {
            recovery.Failure ??= new InvalidDataException("simulated: not indexed");
            return;
        }

        var name = NameOf(recovery.Key);
        if (!recovery.FromStart && _store.EntitySnapshots.TryGetValue(name, out var snapshot))
        {
            (recovery.Snapshot, recovery.SnapshotPosition) = (snapshot.State, snapshot.Position);
        }

        recovery.Rows.AddRange(_store.ByEntity.GetValueOrDefault(name, [])
            .Where(row => row.Position > recovery.SnapshotPosition)
            .OrderBy(row => row.Position)
            .Select(row => new JournalRow(row.Position, row.AccountId, row.Sequence, row.Entry)));
    }
}

using System.Diagnostics.CodeAnalysis;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Engine.Visiting;

/// <summary>One resident terminal, merchant, device or counterparty: its state, and what waits until that is recovered. Belongs to its shard's turn loop.</summary>
internal sealed class EntityActor(byte[] key) : Entity(key)
{
    /// <summary>When more updates wait, they are dropped and the journal is asked once more: it has them all.</summary>
    private const int UpdatesMax = 10_000;

    private Queue<Visit>? _visits;
    private List<StashedUpdate>? _updates;

    public EntityKind Kind => EntityKey.KindOf(Id);

    /// <summary>Null until it is recovered.</summary>
    public EntityState? State { get; set; }

    /// <summary>What the journal was asked for last: an answer to anything before says nothing of what came between.</summary>
    public EntityRecovery? Asked { get; set; }

    /// <summary>Entries since the last snapshot.</summary>
    public int SinceSnapshot { get; set; }

    /// <summary>Whether the turn that runs stores a snapshot of it.</summary>
    public bool IsSnapshotDue { get; set; }

    /// <summary>Whether updates were dropped since the journal was asked, so that its answer is not enough.</summary>
    public bool IsBehind { get; set; }

    public void Stash(Visit visit) => (_visits ??= []).Enqueue(visit);

    public void Stash(in EntityUpdate update)
    {
        if (_updates?.Count >= UpdatesMax)
        {
            _updates = null;
            IsBehind = true;
        }

        if (!IsBehind)
        {
            (_updates ??= []).Add(new StashedUpdate(update.Position, update.AccountId.ToArray(), update.Entry.ToArray()));
        }
    }

    /// <summary>Takes the visit that waits longest.</summary>
    public bool TryTakeVisit([NotNullWhen(true)] out Visit? visit)
    {
        visit = null;
        return _visits is not null && _visits.TryDequeue(out visit);
    }

    /// <summary>Takes the updates that wait, in the order of commits.</summary>
    public IReadOnlyList<StashedUpdate> TakeUpdates()
    {
        var updates = _updates;
        _updates = null;
        return updates ?? [];
    }

    internal sealed record StashedUpdate(long Position, byte[] AccountId, byte[] Entry);
}

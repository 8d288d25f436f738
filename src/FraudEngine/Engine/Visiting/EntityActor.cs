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

    /// <summary>
    /// What the journal is asked for; null where it isn't. An answer to anything before says nothing of what came between. Where there is a state all the same, that
    /// is under an earlier plan, and answers for the rules that it serves until this is read.
    /// </summary>
    public EntityRecovery? Asked { get; set; }

    /// <summary>Of a shared journal: what stands below it was in the recovery, whenever it is told once more.</summary>
    public long RecoveredBelow { get; set; }

    /// <summary>Of a shared journal: positions from <see cref="RecoveredBelow"/> on that were in the recovery; null where there are none.</summary>
    public HashSet<long>? RecoveredAbove { get; set; }

    /// <summary>Of a shared journal: a snapshot that can be stored once everything up to its position was told; null where there is none.</summary>
    public EntitySnapshotWrite? Taken { get; set; }

    /// <summary>Entries since the last snapshot.</summary>
    public int SinceSnapshot { get; set; }

    /// <summary>Whether the turn that runs stores a snapshot of it.</summary>
    public bool IsSnapshotDue { get; set; }

    /// <summary>Whether updates were dropped since the journal was asked, so that its answer is not enough.</summary>
    public bool IsBehind { get; set; }

    /// <summary>How many visits wait.</summary>
    public int Visits => _visits?.Count ?? 0;

    /// <summary>Goes on with another state, or with none, and gives back what the one before has kept.</summary>
    public void Replace(EntityState? state)
    {
        State?.History.Release();
        State = state;
    }

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

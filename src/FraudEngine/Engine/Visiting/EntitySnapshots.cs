using System.Diagnostics;
using FraudEngine.Storage;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// The snapshots of one shard's entities that are due. That of a position claims to have everything up to it: in a shared journal, where a row may appear below
/// others, it is kept until the shard was told all that will ever stand there, and taken anew where something came. Called only from the turn loop.
/// </summary>
internal sealed class EntitySnapshots(EngineSettings settings, AccountTurn turn, EntityRebuilding rebuilding, bool isShared)
{
    /// <summary>So many are kept for later; the others are taken when their time has come.</summary>
    private const int TakenMax = 64;

    private readonly List<EntityActor> _due = [];
    private int _taken;

    /// <summary>Everything below this position was told.</summary>
    private long _settled = isShared ? 0 : long.MaxValue;

    public void Settle(long position) => _settled = isShared ? Math.Max(_settled, position) : _settled;

    /// <summary>An entity has taken in an entry.</summary>
    public void Count(EntityActor actor, long position)
    {
        if (actor.Taken is { } taken && position <= taken.Position)
        {
            Drop(actor);
        }

        if (++actor.SinceSnapshot >= settings.SnapshotAfter(actor.State!.History.Count) && !actor.IsSnapshotDue)
        {
            actor.IsSnapshotDue = true;
            _due.Add(actor);
        }
    }

    /// <summary>Adds those that are due to the batch, as far as they can be stored.</summary>
    public void AddDue()
    {
        if (_due.Count > 0)
        {
            _due.RemoveAll(TryAdd);
        }
    }

    /// <summary>Adds an entity's snapshot as it is now; nothing where that must wait. Returns its length in bytes.</summary>
    public int Add(EntityActor actor)
    {
        if (actor.State is not { Position: > 0 } state || state.Position >= _settled)
        {
            return 0;
        }

        var snapshot = rebuilding.Snapshot(state);
        turn.Batch.AddEntitySnapshot(actor.Id, state.Position, snapshot);
        actor.SinceSnapshot = 0;
        return snapshot.Length;
    }

    /// <summary>An entity leaves memory.</summary>
    public void Leave(EntityActor actor)
    {
        Drop(actor);
        if (actor.IsSnapshotDue)
        {
            _due.Remove(actor);
        }
    }

    /// <summary>All do.</summary>
    public void Clear()
    {
        _due.Clear();
        _taken = 0;
    }

    /// <summary>Whether it is not due any more.</summary>
    private bool TryAdd(EntityActor actor)
    {
        if (actor.Taken is null && actor.State!.Position < _settled)
        {
            Add(actor);
        }
        else if (actor.Taken is { } taken && taken.Position < _settled)
        {
            turn.Batch.AddEntitySnapshot(taken.Key, taken.Position, taken.State);
            Drop(actor);
        }
        else
        {
            Debug.Assert(isShared, "Everything that a journal of one node has told is settled.");
            Take(actor);
            return false;
        }

        actor.IsSnapshotDue = false;
        return true;
    }

    private void Take(EntityActor actor)
    {
        if (actor.Taken is null && _taken < TakenMax)
        {
            actor.Taken = new EntitySnapshotWrite(actor.Id, actor.State!.Position, rebuilding.Snapshot(actor.State));
            actor.SinceSnapshot = 0;
            _taken++;
        }
    }

    private void Drop(EntityActor actor)
    {
        _taken -= actor.Taken is null ? 0 : 1;
        actor.Taken = null;
    }
}

using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// The terminals, merchants, devices and counterparties of one shard. They answer visits and follow the journal; they write nothing but snapshots. Called
/// only from the turn loop.
/// </summary>
internal sealed class ShardEntities(EngineSettings settings, WindowPlans plans, ulong idHashSeed, AccountTurn turn, EngineCounters counters)
{
    private const int FaultsMax = 2;

    private readonly EntityTable<EntityActor> _entities = new(id => (int)Hash64.Of(id, idHashSeed));
    private readonly EntityRebuilding _rebuilding = new(idHashSeed);
    private readonly EntityMachines _machines = new();
    private readonly List<EntityActor> _snapshotsDue = [];
    private readonly int _residentMax = Math.Max(1, settings.ResidentEntitiesMax / settings.Shards);
    private WindowPlans _plans = plans;
    private EntityActor? _recovering;

    /// <summary>The visit that is being answered after it has waited: the one to blame for a fault.</summary>
    private Visit? _answering;

    /// <summary>From now on entities keep what these windows need. They come under it when they are next used; those of kinds without windows leave memory.</summary>
    public void Keep(WindowPlans plans)
    {
        _plans = plans;
        foreach (var actor in _entities.All.Where(actor => plans[actor.Kind].Specs.IsEmpty).ToList())
        {
            while (actor.TryTakeVisit(out var visit))
            {
                visit.Return(VisitAnswer.Outdated);
            }

            _entities.Remove(actor);
        }
    }

    public void Receive(Visit visit)
    {
        if (_plans[visit.Kind].Specs.IsEmpty)
        {
            visit.Return(VisitAnswer.Outdated);
            return;
        }

        var actor = _entities.Find(visit.Key) ?? Activate(visit.Key);
        if (IsReady(actor))
        {
            Answer(actor, visit);
        }
        else
        {
            actor.Stash(visit);
        }
    }

    public void Receive(EntityUpdates updates)
    {
        for (var i = 0; i < updates.Count; i++)
        {
            var update = updates[i];
            if (_entities.Find(update.Key) is not { } actor)
            {
                // The journal has it for when somebody asks.
                continue;
            }

            if (IsReady(actor))
            {
                Evolve(actor, update.AccountId, update.Entry, update.Position);
            }
            else
            {
                actor.Stash(update);
            }
        }

        updates.GiveBack();
    }

    /// <summary>Makes an entity ready from what the journal has of it. Returns why it can't be, where it can't.</summary>
    public Exception? Receive(EntityRecovery recovery)
    {
        if (_entities.Find(recovery.Key) is not { State: null } actor || !ReferenceEquals(actor.Asked, recovery))
        {
            return null;
        }

        var failure = recovery.Failure ?? TryRecover(actor, recovery);
        if (failure is not null)
        {
            while (actor.TryTakeVisit(out var visit))
            {
                visit.Return(VisitAnswer.Unreadable);
            }

            _entities.Remove(actor);
        }

        return failure;
    }

    public void AddSnapshots()
    {
        foreach (var actor in _snapshotsDue)
        {
            AddSnapshot(actor);
        }

        _snapshotsDue.Clear();
    }

    public void Passivate()
    {
        for (var actor = _entities.Oldest; actor is not null && _entities.Count > _residentMax;)
        {
            var newer = EntityTable<EntityActor>.NewerThan(actor);
            if (actor.State is not null)
            {
                if (actor.SinceSnapshot >= settings.SnapshotOnPassivationMin)
                {
                    AddSnapshot(actor);
                }

                _entities.Remove(actor);
                counters.Passivations++;
            }

            actor = newer;
        }

        counters.ResidentEntities = _entities.Count;
    }

    /// <summary>Drops all state, and adds the visits that wait to what is received again; one over which the shard faults too often goes back without an answer.</summary>
    public void Restart(ShardMessage? culprit, Queue<ShardMessage> redo)
    {
        foreach (var actor in _entities.All)
        {
            while (actor.TryTakeVisit(out var visit))
            {
                Redo(visit, isToBlame: actor == _recovering, redo);
            }
        }

        if (_answering is not null)
        {
            Redo(_answering, isToBlame: true, redo);
        }

        if (culprit is Visit { Answer: VisitAnswer.None } faulted)
        {
            Redo(faulted, isToBlame: true, redo);
        }

        _recovering = null;
        _answering = null;
        _entities.Clear();
        _snapshotsDue.Clear();
    }

    private static void Redo(Visit visit, bool isToBlame, Queue<ShardMessage> redo)
    {
        visit.Faults += isToBlame ? 1 : 0;
        if (visit.Faults < FaultsMax)
        {
            redo.Enqueue(visit);
        }
        else
        {
            visit.Return(VisitAnswer.Unreadable);
        }
    }

    private EntityActor Activate(ReadOnlySpan<byte> key)
    {
        var actor = new EntityActor(key.ToArray());
        _entities.Add(actor);
        AskFor(actor, fromStart: false);
        return actor;
    }

    private void AskFor(EntityActor actor, bool fromStart)
    {
        actor.IsBehind = false;
        actor.Asked = new EntityRecovery(actor.Id) { FromStart = fromStart };
        turn.Reads().Entities.Add(actor.Asked);
        counters.EntityRecoveries++;
    }

    /// <summary>Whether the entity can be read now; brings it under the present plan first, from memory or else from the journal.</summary>
    private bool IsReady(EntityActor actor)
    {
        var plan = _plans[actor.Kind];
        if (actor.State is { } state && !ReferenceEquals(state.History.Plan, plan))
        {
            actor.State = state.Rebuild(plan);
            if (actor.State is null)
            {
                AskFor(actor, fromStart: true);
            }
        }

        return actor.State is not null;
    }

    private void Answer(EntityActor actor, Visit visit)
    {
        var isRead = _machines.For(visit.InForce, visit.Kind).TryRead(actor.State!, visit.Transaction, visit.ForRules, visit.ForModel);
        visit.Return(isRead ? VisitAnswer.Read : VisitAnswer.Outdated);
    }

    private void Evolve(EntityActor actor, ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> entry, long position)
    {
        var state = actor.State!;
        if (_rebuilding.Evolve(state, accountId, entry, position)
            && ++actor.SinceSnapshot >= settings.SnapshotAfter(state.History.Count) && !actor.IsSnapshotDue)
        {
            actor.IsSnapshotDue = true;
            _snapshotsDue.Add(actor);
        }
    }

    private InvalidDataException? TryRecover(EntityActor actor, EntityRecovery recovery)
    {
        _recovering = actor;
        try
        {
            actor.State = _rebuilding.Rebuild(recovery, _plans[actor.Kind]);
            actor.SinceSnapshot = recovery.Rows.Count;
            foreach (var update in actor.State is null ? [] : actor.TakeUpdates())
            {
                Evolve(actor, update.AccountId, update.Entry, update.Position);
            }
        }
        catch (InvalidDataException damaged)
        {
            _recovering = null;
            return damaged;
        }

        // Anything else that is thrown restarts the shard, which has to know over which entity.
        _recovering = null;
        if (actor.State is null || actor.IsBehind)
        {
            // Stored under a plan that kept less, or too much came meanwhile; what waits goes on waiting.
            AskFor(actor, fromStart: actor.State is null);
            actor.State = null;
            return null;
        }

        while (actor.TryTakeVisit(out _answering))
        {
            Answer(actor, _answering);
        }

        return null;
    }

    private void AddSnapshot(EntityActor actor)
    {
        if (actor.State is { Position: > 0 } state)
        {
            turn.Batch.AddEntitySnapshot(actor.Id, state.Position, _rebuilding.Snapshot(state));
        }

        actor.SinceSnapshot = 0;
        actor.IsSnapshotDue = false;
    }
}

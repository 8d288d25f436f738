using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Windows;
using FraudEngine.Windows.Memory;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// The terminals, merchants, devices and counterparties of one shard. They answer visits and follow the journal; they write nothing but snapshots. Called
/// only from the turn loop.
/// </summary>
internal sealed class ShardEntities
{
    private const int FaultsMax = 2;

    private readonly EngineSettings _settings;
    private readonly AccountTurn _turn;
    private readonly EngineCounters _counters;
    private readonly bool _isShared;
    private readonly EntityTable<EntityActor> _entities;
    private readonly EntityRebuilding _rebuilding;
    private readonly EntityMachines _machines = new();
    private readonly EntitySnapshots _snapshots;
    private readonly EntityFill _fill = new();
    private readonly int _residentMax;
    private WindowPlans _plans;
    private EntityActor? _recovering;

    /// <summary>The visit that is being answered after it has waited: the one to blame for a fault.</summary>
    private Visit? _answering;

    /// <param name="isShared">Whether others write to the journal too, so that a row may appear below others.</param>
    public ShardEntities(EngineSettings settings, WindowPlans plans, HistoryMemory memory, ulong idHashSeed, AccountTurn turn, EngineCounters counters, bool isShared)
    {
        _settings = settings;
        _plans = plans;
        _turn = turn;
        _counters = counters;
        _isShared = isShared;
        _entities = new EntityTable<EntityActor>(id => (int)Hash64.Of(id, idHashSeed));
        _rebuilding = new EntityRebuilding(memory, idHashSeed);
        _snapshots = new EntitySnapshots(settings, turn, _rebuilding, isShared);
        _residentMax = Math.Max(1, settings.ResidentEntitiesMax / settings.Shards);
    }

    /// <summary>Whether all entities are under the present plan.</summary>
    public bool IsFilled => _fill.IsDone;

    /// <summary>Whether more of them can be brought under it without hearing from the journal first.</summary>
    public bool CanFill => _fill.CanContinue;

    /// <summary>
    /// From now on entities keep what these windows need. They come under it when they are next used, or by <see cref="Fill"/>; those of kinds without windows
    /// leave memory.
    /// </summary>
    public void Keep(WindowPlans plans)
    {
        _plans = plans;
        foreach (var actor in _entities.All.Where(actor => plans[actor.Kind].Specs.IsEmpty).ToList())
        {
            while (actor.TryTakeVisit(out var visit))
            {
                visit.Return(VisitAnswer.Outdated);
            }

            Remove(actor);
        }

        _fill.Begin(_entities.All);
    }

    /// <summary>Brings some more entities under the present plan; they go on answering for the one before.</summary>
    public void Fill()
    {
        while (_fill.TryTake(out var actor))
        {
            if (actor.State is not null && TryBringUnder(actor, isPatient: true) is { } asked)
            {
                _fill.Asked(asked);
            }
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
        TryBringUnder(actor, isPatient: false);
        if (actor.State is null)
        {
            actor.Stash(visit);
        }
        else
        {
            Answer(actor, visit);
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

            if (actor.Asked is not null)
            {
                actor.Stash(update);
            }

            if (actor.State is not null)
            {
                Evolve(actor, update.AccountId, update.Entry, update.Position);
            }
        }

        _snapshots.Settle(updates.Settled);
        updates.GiveBack();
    }

    /// <summary>Makes an entity ready from what the journal has of it. Returns why it can't be, where it can't.</summary>
    public Exception? Receive(EntityRecovery recovery)
    {
        _fill.Answered(recovery);
        if (_entities.Find(recovery.Key) is not { } actor || !ReferenceEquals(actor.Asked, recovery))
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

            // Also one with a state under an earlier plan: its next visit finds out why.
            Remove(actor);
        }

        return failure;
    }

    public void AddSnapshots() => _snapshots.AddDue();

    /// <summary>Adds the snapshots that are worth it, as far as they fit, before the shard goes to another node.</summary>
    public void AddLastSnapshots(int bytesMax)
    {
        var bytes = 0;
        foreach (var actor in _entities.All.Where(actor => actor.SinceSnapshot >= _settings.SnapshotOnPassivationMin))
        {
            bytes += bytes < bytesMax ? _snapshots.Add(actor) : 0;
        }
    }

    /// <summary>Drops all state. Returns the visits that wait.</summary>
    public List<Visit> Leave()
    {
        var visits = new List<Visit>();
        foreach (var actor in _entities.All)
        {
            while (actor.TryTakeVisit(out var visit))
            {
                visits.Add(visit);
            }
        }

        Clear();
        return visits;
    }

    public void Passivate()
    {
        for (var left = _entities.Count; _entities.Count > _residentMax && left > 0 && _entities.FindUnused() is { } actor; left--)
        {
            if (actor.State is null || actor.Asked is not null)
            {
                _entities.PassOver(actor);
                continue;
            }

            if (actor.SinceSnapshot >= _settings.SnapshotOnPassivationMin)
            {
                _snapshots.Add(actor);
            }

            Remove(actor);
            _counters.Passivations++;
        }

        _counters.ResidentEntities = _entities.Count;
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

        Clear();
    }

    /// <summary>Drops all state, of which the memory goes as a whole.</summary>
    private void Clear()
    {
        foreach (var actor in _entities.All)
        {
            actor.State = null;
        }

        _recovering = null;
        _answering = null;
        _entities.Clear();
        _snapshots.Clear();
        _fill.Clear();
    }

    private void Remove(EntityActor actor)
    {
        _entities.Remove(actor);
        _snapshots.Leave(actor);
        actor.Replace(null);
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
        AskFor(actor, fromStart: false, _turn.Reads());
        return actor;
    }

    private EntityRecovery AskFor(EntityActor actor, bool fromStart, JournalReads reads)
    {
        actor.IsBehind = false;
        actor.Asked = new EntityRecovery(actor.Id) { FromStart = fromStart };
        reads.Entities.Add(actor.Asked);
        _counters.EntityRecoveries++;
        return actor.Asked;
    }

    /// <summary>
    /// Brings an entity under the present plan, from memory or else from the journal: then its state goes on as it is until that is read, and what is returned is
    /// what the journal is asked for.
    /// </summary>
    private EntityRecovery? TryBringUnder(EntityActor actor, bool isPatient)
    {
        var plan = _plans[actor.Kind];
        if (actor.Asked is not null || actor.State is not { } state || ReferenceEquals(state.History.Plan, plan))
        {
            return null;
        }

        if (state.Rebuild(plan) is { } rebuilt)
        {
            actor.Replace(rebuilt);
            return null;
        }

        return AskFor(actor, fromStart: true, isPatient ? _turn.PatientReads() : _turn.Reads());
    }

    /// <summary>Answers a visit. One for rules that the state does not serve waits where another is being read.</summary>
    private void Answer(EntityActor actor, Visit visit)
    {
        if (_machines.For(visit.InForce, visit.Kind).TryRead(actor.State!, visit.Transaction, visit.ForRules, visit.ForModel))
        {
            visit.Return(VisitAnswer.Read);
        }
        else if (actor.Asked is not null)
        {
            actor.Stash(visit);
        }
        else
        {
            visit.Return(VisitAnswer.Outdated);
        }
    }

    private void Evolve(EntityActor actor, ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> entry, long position)
    {
        if (!IsKnown(actor, position))
        {
            _rebuilding.Evolve(actor.State!, accountId, entry, position);
            _snapshots.Count(actor, position);
        }
    }

    /// <summary>Whether the state has what stands at a position. Of a shared journal nothing is told twice but what was in the recovery.</summary>
    private bool IsKnown(EntityActor actor, long position) =>
        _isShared ? position < actor.RecoveredBelow || actor.RecoveredAbove?.Contains(position) == true : position <= actor.State!.Position;

    private InvalidDataException? TryRecover(EntityActor actor, EntityRecovery recovery)
    {
        EntityState? state;
        _recovering = actor;
        try
        {
            state = _rebuilding.Rebuild(recovery, _plans[actor.Kind]);
            if (state is not null && !actor.IsBehind)
            {
                TakeOver(actor, recovery, state);
            }
        }
        catch (InvalidDataException damaged)
        {
            _recovering = null;
            return damaged;
        }

        // Anything else that is thrown restarts the shard, which has to know over which entity.
        _recovering = null;
        if (state is null || actor.IsBehind)
        {
            // Stored under a plan that kept less, or too much came meanwhile; what waits goes on waiting.
            state?.History.Release();
            AskFor(actor, fromStart: state is null || recovery.FromStart, _turn.Reads());
            return null;
        }

        for (var left = actor.Visits; left > 0 && actor.TryTakeVisit(out _answering); left--)
        {
            Answer(actor, _answering);
        }

        _answering = null;
        return null;
    }

    /// <summary>Puts what was read in the place of what the entity had, and adds what was told since.</summary>
    private void TakeOver(EntityActor actor, EntityRecovery recovery, EntityState state)
    {
        _snapshots.Leave(actor);
        actor.IsSnapshotDue = false;
        actor.Replace(state);
        actor.Asked = null;
        actor.SinceSnapshot = recovery.Rows.Count;
        if (_isShared)
        {
            actor.RecoveredBelow = Math.Max(recovery.Horizon, recovery.SnapshotPosition + 1);
            var above = recovery.Rows.Where(row => row.Position >= actor.RecoveredBelow).Select(static row => row.Position).ToHashSet();
            actor.RecoveredAbove = above.Count == 0 ? null : above;
        }

        foreach (var update in actor.TakeUpdates())
        {
            Evolve(actor, update.AccountId, update.Entry, update.Position);
        }
    }
}

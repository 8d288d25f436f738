using System.Diagnostics.CodeAnalysis;
using FraudEngine.Storage;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// Which resident entities of one shard have still to be brought under another window plan, some in each turn, as <see cref="WindowFill"/> does it with accounts.
/// Called only from the turn loop.
/// </summary>
internal sealed class EntityFill
{
    // So much in one turn that the requests of the same turn do not wait noticeably.
    private const int EventsPerTurn = 4096;
    private const int EntitiesPerTurn = 256;

    // Read at a time, so that entities which are being activated do not wait behind all of them.
    private const int AskedMax = 8;

    private readonly Queue<EntityActor> _waiting = [];
    private readonly HashSet<EntityRecovery> _asked = [];
    private int _entities;
    private int _events;

    public bool IsDone => _waiting.Count == 0 && _asked.Count == 0;

    /// <summary>Whether there is more to do without hearing from the journal first.</summary>
    public bool CanContinue => _waiting.Count > 0 && _asked.Count < AskedMax;

    public void Begin(IEnumerable<EntityActor> residents)
    {
        Clear();
        foreach (var actor in residents)
        {
            _waiting.Enqueue(actor);
        }
    }

    /// <summary>Takes the next of this turn; where there is none, the next turn's begin.</summary>
    public bool TryTake([NotNullWhen(true)] out EntityActor? actor)
    {
        actor = null;
        if (!CanContinue || _entities == EntitiesPerTurn || _events > EventsPerTurn)
        {
            _entities = _events = 0;
            return false;
        }

        actor = _waiting.Dequeue();
        _entities++;
        _events += actor.State?.History.Count ?? 0;
        return true;
    }

    /// <summary>The journal is asked for one that could not be brought under the plan from memory.</summary>
    public void Asked(EntityRecovery recovery) => _asked.Add(recovery);

    /// <summary>The journal has answered, whoever asked.</summary>
    public void Answered(EntityRecovery recovery) => _asked.Remove(recovery);

    public void Clear()
    {
        _waiting.Clear();
        _asked.Clear();
        _entities = _events = 0;
    }
}

using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>
/// Brings the resident accounts of one shard under another window plan, some in each turn, while they go on deciding under the old one. Most are rebuilt
/// from memory; one whose history lacks something is read from the journal, and what it decides meanwhile is kept and added. Called only from the turn loop.
/// </summary>
internal sealed class WindowFill(FillWindows task, AccountTurn turn, IEnumerable<AccountActor> residents)
{
    // So much in one turn that the requests of the same turn do not wait noticeably.
    private const int EventsPerTurn = 4096;
    private const int AccountsPerTurn = 256;

    // Read at a time, so that accounts which are being activated do not wait behind all of them.
    private const int AskedMax = 8;

    private readonly Queue<AccountActor> _waiting = new(residents);
    private readonly Dictionary<Recovery, AccountActor> _asked = [];

    public FillWindows Task { get; } = task;

    public bool IsDone => _waiting.Count == 0 && _asked.Count == 0;

    /// <summary>Whether there is more to do without hearing from the journal first.</summary>
    public bool CanContinue => _waiting.Count > 0 && _asked.Count < AskedMax;

    /// <summary>Does one turn's part.</summary>
    public void Continue()
    {
        var events = 0;
        for (var accounts = 0; accounts < AccountsPerTurn && events < EventsPerTurn && CanContinue; accounts++)
        {
            var actor = _waiting.Dequeue();
            if (actor.State is not { } state || ReferenceEquals(state.History.Plan, Task.Plan))
            {
                // One that is being recovered comes under the new plan by that.
                continue;
            }

            events += state.History.Count;
            if (state.Rebuild(Task.Plan) is { } rebuilt)
            {
                actor.Replace(rebuilt);
            }
            else
            {
                actor.DecidedSince = [];
                _asked.Add(turn.AskForAll(actor), actor);
            }
        }
    }

    /// <summary>Whether the recovery is one that this asked for; then its account is under the new plan.</summary>
    /// <param name="unread">The account, where it could not be read.</param>
    public bool TryTake(Recovery recovery, out AccountActor? unread)
    {
        unread = null;
        if (!_asked.Remove(recovery, out var actor))
        {
            return false;
        }

        var since = actor.DecidedSince ?? [];
        actor.DecidedSince = null;
        if (actor.State is not null && !turn.TryRebuild(actor, recovery, since))
        {
            unread = actor;
        }

        return true;
    }

    /// <summary>Asks once more for an account that could not be read.</summary>
    public void Again(AccountActor actor) => _waiting.Enqueue(actor);
}

using FraudEngine.Actors;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>One resident account: its state, and the requests that wait while the journal is asked for something. Belongs to its shard's turn loop.</summary>
internal sealed class AccountActor(byte[] id) : Entity(id)
{
    private Queue<AccountRequest>? _stash;

    public AccountRef Account { get; } = new(id);

    /// <summary>Null until it is recovered.</summary>
    public AccountState? State { get; set; }

    /// <summary>What stood for it by a snapshot that can't serve the rules, while all its entries are read.</summary>
    public AccountTerms TermsRead { get; set; } = AccountTerms.None;

    /// <summary>The transaction that may be a resend, the label or the response, while the journal is asked about its id.</summary>
    public AccountRequest? LookingUp { get; set; }

    /// <summary>Whether it can handle a request now.</summary>
    public bool IsReady => State is not null && LookingUp is null;

    /// <summary>Whether it can handle a request now, and none waits: it may leave memory.</summary>
    public bool IsIdle => IsReady && _stash is null;

    /// <summary>Its transactions since the last snapshot.</summary>
    public int SinceSnapshot { get; set; }

    /// <summary>Whether the turn that runs stores a snapshot of it.</summary>
    public bool IsSnapshotDue { get; set; }

    /// <summary>What it has decided since its entries were asked for, to be brought under another window plan; null where they are not.</summary>
    public List<StoredEntry>? DecidedSince { get; set; }

    /// <summary>Goes on with another state, or with none, and gives back what the one before has kept.</summary>
    public void Replace(AccountState? state)
    {
        State?.History.Release();
        State = state;
    }

    public void Stash(AccountRequest request) => (_stash ??= new Queue<AccountRequest>(2)).Enqueue(request);

    /// <summary>Puts a request before all that wait.</summary>
    public void StashFirst(AccountRequest request) => _stash = new Queue<AccountRequest>([request, .. _stash ?? []]);

    /// <summary>The request that waits longest; null where none waits.</summary>
    public AccountRequest? NextStashed => _stash is not null && _stash.TryPeek(out var request) ? request : null;

    /// <summary>Takes the request that waits longest; frees the stash with the last one.</summary>
    public bool TryUnstash(out AccountRequest request)
    {
        if (_stash is null || !_stash.TryDequeue(out request!))
        {
            request = null!;
            return false;
        }

        _stash = _stash.Count == 0 ? null : _stash;
        return true;
    }
}

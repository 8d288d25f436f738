using FraudEngine.Storage;

namespace FraudEngine.Egress.Delivery;

/// <summary>
/// Stores what has become of alerts, many with one commit and one commit at a time, together with the channel's cursor. Where that fails, it is tried again with
/// what has come since. Used by one loop.
/// </summary>
/// <param name="cursor">The stored one.</param>
/// <param name="wake">Called when a commit has ended.</param>
internal sealed class DeliveryWriter(IDeliveryStore store, string channel, DeliverySettings settings, long cursor, Action wake)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private readonly Dictionary<long, Storage.Delivery> _changed = [];
    private readonly List<LaneItem> _soon = [];
    private List<Storage.Delivery> _written = [];
    private Task? _writing;
    private long _cursor = cursor;
    private long _nextTicks;

    /// <summary>Outcomes that are not stored.</summary>
    public int Count => _changed.Count + (_writing is null ? 0 : _written.Count);

    /// <summary>Why the last commit has failed; null where it has not.</summary>
    public string? Failure { get; private set; }

    public void Add(Storage.Delivery outcome, LaneItem item)
    {
        _changed[outcome.Position] = outcome;
        if (item.Stored == Stored.None)
        {
            item.Stored = Stored.Soon;
        }

        _soon.Add(item);
    }

    /// <summary>When it wants to be called again, in UTC ticks; <see cref="long.MaxValue"/> where it has nothing to do, or tells when it has.</summary>
    public long NextTicks(long cursorNow) => _writing is null && (_changed.Count > 0 || cursorNow > _cursor) ? _nextTicks : long.MaxValue;

    /// <summary>The clock was put back: the pause that was to be is over.</summary>
    public void EndPause() => _nextTicks = 0;

    /// <summary>Sees whether a commit has ended, and begins the next where it is time. Faults where a commit has failed for a reason that nobody foresaw.</summary>
    public async ValueTask StepAsync(OutboxLedger ledger, long nowTicks)
    {
        if (_writing is { IsCompleted: true })
        {
            await EndAsync(nowTicks);
        }

        if (_writing is null && nowTicks >= _nextTicks && (_changed.Count > 0 || ledger.Cursor > _cursor))
        {
            Begin(ledger, nowTicks);
        }
    }

    /// <summary>Stores all that there is, now. Where it can't be stored it stays.</summary>
    public async Task FlushAsync(OutboxLedger ledger, long nowTicks)
    {
        if (_writing is not null)
        {
            await EndAsync(nowTicks);
        }

        if (_changed.Count > 0 || ledger.Cursor > _cursor)
        {
            Begin(ledger, nowTicks);
            await EndAsync(nowTicks);
        }
    }

    private void Begin(OutboxLedger ledger, long nowTicks)
    {
        _written = [.. _changed.Values];
        _changed.Clear();

        // They go with this commit, or with a later one: no cursor is stored without them.
        _soon.ForEach(static item => item.Stored = Stored.Yes);
        _soon.Clear();
        _cursor = ledger.Cursor;
        _nextTicks = nowTicks + settings.WritePause.Ticks;
        _writing = store.WriteDeliveriesAsync(channel, _cursor, _written);
        _ = TellOfEndAsync(_writing);
    }

    private async Task TellOfEndAsync(Task writing)
    {
        await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        wake();
    }

    private async ValueTask EndAsync(long nowTicks)
    {
        try
        {
            await _writing!;
            Failure = null;
        }
        catch (IOException reason)
        {
            Failure = reason.Message;
            _nextTicks = nowTicks + AgainAfter.Ticks;
            foreach (var outcome in _written)
            {
                _changed.TryAdd(outcome.Position, outcome);
            }
        }

        _writing = null;
        _written = [];
    }
}

using System.Threading.Channels;
using FraudEngine.Storage;

namespace FraudEngine.Egress;

/// <summary>
/// Publishes the alerts of all nodes that write to a shared journal, in the order of their positions: each node publishes the same in the same order, so that a
/// subscriber can go on with another node where it has left off.
/// </summary>
public sealed class AlertFollower : IAsyncDisposable
{
    private const int PageMax = 512;

    /// <summary>Read so often also where nobody says that there is something new; a reading that failed is repeated by then.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ISharedJournal _journal;
    private readonly AlertFeed _feed;
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ITimer _timer;
    private readonly Task _following;
    private long _position;

    /// <summary>Goes on behind the newest alert of the feed.</summary>
    public AlertFollower(ISharedJournal journal, AlertFeed feed, TimeProvider clock)
    {
        _journal = journal;
        _feed = feed;
        _position = feed.Newest;
        _timer = clock.CreateTimer(static follower => ((AlertFollower)follower!).Wake(), this, Interval, Interval);
        _following = FollowAsync();
    }

    /// <summary>Perhaps there is something new. From any thread, at any rate.</summary>
    public void Wake() => _woken.Writer.TryWrite(true);

    /// <summary>To be called before the journal is closed.</summary>
    public async ValueTask DisposeAsync()
    {
        _woken.Writer.TryComplete();
        await _timer.DisposeAsync();
        await _following;
    }

    private async Task FollowAsync()
    {
        await foreach (var _ in _woken.Reader.ReadAllAsync())
        {
            try
            {
                await ReadOnAsync();
            }
            catch (Exception reason) when (reason is IOException or InvalidDataException)
            {
                // The timer wakes it again; transactions that can't be stored meanwhile say so themselves.
            }
        }
    }

    private async Task ReadOnAsync()
    {
        IReadOnlyList<StoredAlert> page;
        do
        {
            page = await _journal.ReadAlertsAsync(accountId: null, _position, PageMax);
            await _journal.KnowAsync(page.Select(static alert => alert.Decision));
            foreach (var alert in page)
            {
                _feed.Publish(alert.Position, alert.Transaction, alert.Decision);
                _position = alert.Position;
            }
        }
        while (page.Count == PageMax && !_woken.Reader.Completion.IsCompleted);
    }
}

using FraudEngine.Storage;

namespace FraudEngine.Egress;

/// <summary>
/// Publishes the alerts of all nodes that write to a shared journal, in the order of their positions: each node publishes the same in the same order, so that a
/// subscriber can go on with another node where it has left off.
/// </summary>
public sealed class AlertFollower : IAsyncDisposable
{
    private const int PageMax = 512;

    private readonly ISharedJournal _journal;
    private readonly AlertFeed _feed;
    private readonly JournalFollower _follower;
    private long _position;

    /// <summary>Goes on behind the newest alert of the feed.</summary>
    public AlertFollower(ISharedJournal journal, AlertFeed feed, TimeProvider clock)
    {
        _journal = journal;
        _feed = feed;
        _position = feed.Newest;

        // What can't be read is read again; transactions that can't be stored meanwhile say so themselves.
        _follower = new JournalFollower(ReadOnAsync, clock);
    }

    /// <summary>Perhaps there is something new. From any thread, at any rate.</summary>
    public void Wake() => _follower.Wake();

    /// <summary>To be called before the journal is closed.</summary>
    public ValueTask DisposeAsync() => _follower.DisposeAsync();

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
        while (page.Count == PageMax && !_follower.IsEnding);
    }
}

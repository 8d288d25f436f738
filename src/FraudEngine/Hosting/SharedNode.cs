using FraudEngine.Cluster;
using FraudEngine.Egress;
using FraudEngine.Engine;
using FraudEngine.Storage;

namespace FraudEngine.Hosting;

/// <summary>
/// What a node needs where others write to its journal too: it owns shards, alone or as a member of a cluster, and follows what others have stored: alerts, rules,
/// lists, models and shadows.
/// </summary>
internal sealed class SharedNode : IAsyncDisposable
{
    private static readonly TimeSpan LeaveMax = TimeSpan.FromSeconds(10);

    private readonly AlertFollower _alerts;
    private readonly SettingsFollower _settings;
    private readonly ClusterNode? _cluster;
    private readonly SoleOwner? _sole;

    private SharedNode(AlertFollower alerts, SettingsFollower settings, ClusterNode? cluster, SoleOwner? sole) =>
        (_alerts, _settings, _cluster, _sole) = (alerts, settings, cluster, sole);

    public bool IsReady => _cluster?.IsReady ?? _sole!.IsReady;

    /// <summary>The cluster as this node sees it; null where it is not in one.</summary>
    public Func<ClusterView>? View => _cluster is null ? null : _cluster.Describe;

    /// <param name="cluster">Null where the node knows of no others.</param>
    /// <param name="owned">Told which shards are the node's, whenever that changes.</param>
    public static SharedNode Open(
        ClusterSettings? cluster, string life, Uri? broker, DecisionEngine engine, ISharedJournal journal, AlertFeed feed, SettingsFollower settings,
        Action<IReadOnlyCollection<int>> owned, ILogger log, TimeProvider clock)
    {
        var alerts = new AlertFollower(journal, feed, clock);
        var events = new LoggedClusterEvents(log) { Owned = () => owned([.. Enumerable.Range(0, engine.Shards).Where(engine.Owns)]) };
        if (cluster is null || broker is null)
        {
            return new SharedNode(alerts, settings, null, new SoleOwner(engine, journal, events));
        }

        var node = new ClusterNode(cluster, life, broker, engine, journal, clock, events);
        var shared = new SharedNode(alerts, settings, node, null);
        node.Heard = shared.Hear;
        return shared;
    }

    /// <summary>Begins to take shards.</summary>
    public Task JoinAsync()
    {
        _cluster?.Join();
        return _sole?.TakeAllAsync() ?? Task.CompletedTask;
    }

    /// <summary>This node's shards have raised an alert, which is durable.</summary>
    public void TellOfAlert()
    {
        if (_cluster is null)
        {
            _alerts.Wake();
        }
        else
        {
            // It comes back to this node too.
            _cluster.Tell(News.Alerts);
        }
    }

    /// <summary>Something that all nodes have in common was changed here.</summary>
    public void TellOfSettings() => _cluster?.Tell(News.Settings);

    /// <summary>Gives the shards to others, and follows them no longer. The engine must still be there.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.LeaveAsync(LeaveMax);
            await _cluster.DisposeAsync();
        }

        if (_sole is not null)
        {
            await _sole.DisposeAsync();
        }

        await _settings.DisposeAsync();
        await _alerts.DisposeAsync();
    }

    private void Hear(News news)
    {
        switch (news)
        {
            case News.Alerts:
                _alerts.Wake();
                break;
            case News.Settings:
                _settings.Wake();
                break;
            case News.None:
                break;
        }
    }
}

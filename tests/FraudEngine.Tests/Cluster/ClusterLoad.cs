namespace FraudEngine.Tests.Cluster;

/// <summary>Clients that keep a cluster busy while a test disturbs it: streams to all nodes, publishers to the feed, a probe per shard.</summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private const int LinesPerRequest = 20;

    private readonly CancellationTokenSource _ending = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly List<Task> _clients = [];

    private ClusterLoad(RunningCluster cluster, int seed, int streams, int feeds, int perSecond)
    {
        Probes = new ShardProbes(cluster, Book);
        var source = new PaymentSource(seed, streams + feeds);
        var pace = TimeSpan.FromSeconds((double)LinesPerRequest * (streams + feeds) / perSecond);
        for (var lane = 0; lane < streams + feeds; lane++)
        {
            _clients.Add(lane < streams ? StreamAsync(cluster, source, lane, pace) : FeedAsync(cluster, source, lane, pace));
        }

        _clients.Add(Probes.RunAsync(_ending.Token, _aborting.Token));
    }

    public SentBook Book { get; } = new();

    public ShardProbes Probes { get; }

    public static ClusterLoad Start(RunningCluster cluster, int seed = 1, int streams = 4, int feeds = 2, int perSecond = 1_000) => new(cluster, seed, streams, feeds, perSecond);

    /// <summary>Sends nothing more and waits until everything sent is answered, or confirmed by the broker.</summary>
    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        await Eventually.ThatAsync(() => Task.FromResult(_clients.TrueForAll(static client => client.IsCompleted)), () => $"what was sent was answered ({Book})", TimeSpan.FromSeconds(60));
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _aborting.CancelAsync();
        await Task.WhenAll(_clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StreamAsync(RunningCluster cluster, PaymentSource source, int lane, TimeSpan pace)
    {
        await Task.Yield();
        var sender = new StreamSender(cluster, Book, lane);
        await RunAsync(transactions => sender.SendAsync(transactions, _aborting.Token), source, lane, pace);
    }

    private async Task FeedAsync(RunningCluster cluster, PaymentSource source, int lane, TimeSpan pace)
    {
        await Task.Yield();
        await using var sender = new FeedSender(cluster.Broker, Book);
        await RunAsync(transactions => sender.SendAsync(transactions, _aborting.Token), source, lane, pace);
    }

    private async Task RunAsync(Func<IReadOnlyList<Sent>, Task> send, PaymentSource source, int lane, TimeSpan pace)
    {
        while (!_ending.IsCancellationRequested)
        {
            var due = Task.Delay(pace, _ending.Token);
            await send([.. Enumerable.Range(0, LinesPerRequest).Select(_ => source.Next(lane))]);
            await due.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}

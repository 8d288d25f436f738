using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Cluster;

/// <summary>One client per shard that sends one transaction after another, so that it shows when the shard answers and when it doesn't.</summary>
internal sealed class ShardProbes
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset Epoch = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly RunningCluster _cluster;
    private readonly SentBook _book;
    private readonly List<(long Sent, long Answered)>[] _answers;
    private readonly Attempt?[] _attempts;

    public ShardProbes(RunningCluster cluster, SentBook book)
    {
        _cluster = cluster;
        _book = book;
        _answers = [.. Enumerable.Range(0, cluster.Shards).Select(static _ => new List<(long Sent, long Answered)>())];
        _attempts = new Attempt?[cluster.Shards];
    }

    /// <param name="end">Begins no more probes.</param>
    /// <param name="abort">Gives up those under way.</param>
    public Task RunAsync(CancellationToken end, CancellationToken abort) => Task.WhenAll(Enumerable.Range(0, _cluster.Shards).Select(shard => ProbeAsync(shard, end, abort)));

    /// <summary>The time from a moment until the shard answered what was sent after it; null where it has not yet.</summary>
    /// <param name="since">A time stamp of <see cref="Stopwatch"/>.</param>
    public TimeSpan? GapOf(int shard, long since)
    {
        var answers = _answers[shard];
        lock (answers)
        {
            foreach (var (sent, answered) in answers)
            {
                if (sent >= since)
                {
                    return Stopwatch.GetElapsedTime(since, answered);
                }
            }
        }

        return null;
    }

    /// <summary>The longest that a probe took that was sent since a moment: while shards move as planned, that is how long the slowest was without an owner.</summary>
    public TimeSpan SlowestSince(long since) => _answers.Max(answers =>
    {
        lock (answers)
        {
            return answers.Where(answer => answer.Sent >= since).Select(static answer => Stopwatch.GetElapsedTime(answer.Sent, answer.Answered)).DefaultIfEmpty().Max();
        }
    });

    /// <summary>Waits until each of these shards has answered and returns how long each took.</summary>
    public async Task<IReadOnlyList<TimeSpan>> GapsAsync(IReadOnlyList<int> shards, long since, TimeSpan patience)
    {
        await Eventually.ThatAsync(
            () => Task.FromResult(shards.All(shard => GapOf(shard, since) is not null)),
            () => $"the shards {string.Join(' ', shards)} answered. {Describe([.. shards.Where(shard => GapOf(shard, since) is null)], since)}",
            patience);
        return [.. shards.Select(shard => GapOf(shard, since)!.Value)];
    }

    /// <summary>What the last attempt at each of these shards came to, and what the nodes printed.</summary>
    private string Describe(IReadOnlyList<int> silent, long since)
    {
        var attempts = silent.Select(shard => $"shard {shard}: {Volatile.Read(ref _attempts[shard])?.Text(since) ?? "was never asked"}");
        return $"{silent.Count} did not:\n{string.Join("\n", attempts)}\n{string.Join("\n", _cluster.Nodes.Select(static node => $"== {node.Name}\n{node.Output}"))}";
    }

    /// <summary>An account of a shard.</summary>
    public static string AccountOf(int shard, int shards, string prefix = "probe") =>
        Enumerable.Range(0, int.MaxValue).Select(i => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{i}"))
            .First(account => Hash64.Bucket(Hash64.Of(Encoding.UTF8.GetBytes(account)), shards) == shard);

    private async Task ProbeAsync(int shard, CancellationToken end, CancellationToken abort)
    {
        await Task.Yield();
        var account = AccountOf(shard, _cluster.Shards);
        for (var i = 0; !end.IsCancellationRequested; i++)
        {
            var at = Epoch.AddSeconds(i * 10).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            var probe = new Sent(
                account, $"p-{shard}-{i}", $$"""{"transactionId":"p-{{shard}}-{{i}}","accountId":"{{account}}","timestamp":"{{at}}","amount":{{10 + (i % 7)}},"currency":"EUR"}""");
            var sent = Stopwatch.GetTimestamp();
            for (var turn = shard + i; probe.Answer is null && !abort.IsCancellationRequested; turn++)
            {
                await TryAsync(shard, probe, turn, abort);
            }

            lock (_answers[shard])
            {
                _answers[shard].Add((sent, Stopwatch.GetTimestamp()));
            }

            await Task.Delay(Interval, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryAsync(int shard, Sent probe, int turn, CancellationToken stop)
    {
        var serving = _cluster.Serving.Where(static node => node.IsProbed).ToList();
        if (serving.Count == 0)
        {
            await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        var node = serving[turn % serving.Count];
        var url = node.Url;
        _book.Sending(probe);
        var attempt = new Attempt(node.Name, probe.TransactionId, Stopwatch.GetTimestamp());
        Volatile.Write(ref _attempts[shard], attempt);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop, node.Answering);
        patience.CancelAfter(AnswerMax);
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/transactions") { Content = new StringContent(probe.Line, Encoding.UTF8, "application/json") };
        try
        {
            using var response = await ClusterClient.SendAsync(request, patience.Token);
            var body = await response.Content.ReadAsStringAsync(patience.Token);
            attempt.End($"{(int)response.StatusCode} {body}");
            if (response.StatusCode == HttpStatusCode.OK)
            {
                _book.Answered(probe, body);
            }
            else if (response.StatusCode == HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is not null)
            {
                _book.RefusedForNow(probe);
                await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else
            {
                _book.Errors.Enqueue($"{(int)response.StatusCode} {body}");
            }
        }
        catch (Exception reason) when (ClusterClient.IsLoss(reason))
        {
            attempt.End(reason.Message);
            if (!stop.IsCancellationRequested)
            {
                _book.Lost($"{url}: {reason.GetType().Name} {reason.Message}");
            }
        }
    }

    /// <summary>One request of a probe.</summary>
    private sealed class Attempt(string node, string transaction, long sent)
    {
        private volatile Outcome? _outcome;

        public void End(string what) => _outcome = new Outcome(what, Stopwatch.GetTimestamp());

        /// <summary>What it came to, with its times from a moment on.</summary>
        public string Text(long since) =>
            string.Create(CultureInfo.InvariantCulture, $"{transaction} sent to {node} at {SecondsFrom(since, sent):0.00} s ")
            + (_outcome is { } outcome ? string.Create(CultureInfo.InvariantCulture, $"came to \"{outcome.What}\" at {SecondsFrom(since, outcome.At):0.00} s") : "is not answered");

        private static double SecondsFrom(long since, long at) => (at - since) / (double)Stopwatch.Frequency;

        private sealed record Outcome(string What, long At);
    }
}

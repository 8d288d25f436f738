using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FraudEngine.Tests.Ingress;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Hosting.Workers;

/// <summary>Real processes that are killed, stopped and restarted.</summary>
[Collection(nameof(Alone))]
public sealed partial class SupervisorTests
{
    [LinuxFact]
    public async Task A_worker_that_is_killed_is_started_again_and_the_port_answers_all_the_time()
    {
        using var cluster = await RunningCluster.StartAsync(2);
        var former = cluster.Pids[0];
        ServerProcess.Signal(former, "KILL");
        await cluster.UntilItPrintsAsync("was killed by signal 9");
        await cluster.UntilItPrintsAsync("starts again in 1 s");
        var answered = 0;
        while (ReadyTimes(cluster, worker: 1) < 2)
        {
            Assert.Equal("ready", await cluster.AnswerAsync());
            answered++;
        }

        Assert.True(answered > 0);
        Assert.NotEqual(former, cluster.Pids[0]);
        Assert.Equal(1, ReadyTimes(cluster, worker: 2));
    }

    [LinuxFact]
    public async Task Workers_are_restarted_one_after_the_other_without_a_single_request_failing()
    {
        using var cluster = await RunningCluster.StartAsync(2);
        var former = cluster.Pids;
        using var stop = new CancellationTokenSource();
        Task<(int Answered, string Failures)>[] clients =
        [
            .. Enumerable.Range(0, 2).Select(client => SendAsync(cluster.Url, $"kept-{client}", keepsConnection: true, stop.Token)),
            .. Enumerable.Range(0, 2).Select(client => SendAsync(cluster.Url, $"new-{client}", keepsConnection: false, stop.Token)),
        ];
        cluster.Signal("HUP");
        await cluster.UntilItPrintsAsync("has done with restarting");
        await stop.CancelAsync();
        var results = await Task.WhenAll(clients);
        Assert.All(results, static result => Assert.Equal("", result.Failures));
        Assert.All(results, static result => Assert.True(result.Answered > 0));
        Assert.Empty(former.Intersect(cluster.Pids));
        Assert.All((int[])[1, 2], worker => Assert.Equal(2, ReadyTimes(cluster, worker)));
    }

    [LinuxFact]
    public async Task Asked_to_stop_it_stops_its_workers_and_leaves_none_behind()
    {
        using var cluster = await RunningCluster.StartAsync(2);
        var url = cluster.Url;

        // As a terminal does: Ctrl-C goes to all of them, and is the supervisor's to handle.
        Array.ForEach(cluster.Pids, static pid => ServerProcess.Signal(pid, "INT"));
        cluster.Signal("INT");
        Assert.Equal(0, await cluster.ExitAsync());
        Assert.Equal(2, Stopped().Count(cluster.Output));
        Assert.Contains("all workers have stopped", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Pids, RunningCluster.IsRunning);
        Assert.False(ServerProcess.IsListening(url.Port));
    }

    [LinuxFact]
    public async Task Workers_die_with_a_supervisor_that_is_killed()
    {
        using var cluster = await RunningCluster.StartAsync(2);
        var url = cluster.Url;
        cluster.Signal("KILL");
        await Eventually.ThatAsync(() => !cluster.Pids.Any(RunningCluster.IsRunning), "the workers were gone");

        // The threads of a process end one by one, and the last one closes what it had open.
        await Eventually.ThatAsync(() => !ServerProcess.IsListening(url.Port), "the port was given up");
    }

    [LinuxFact]
    public async Task Connections_go_round_the_workers_and_none_waits_for_one_that_is_held()
    {
        const int clients = 12;
        using var cluster = await RunningCluster.StartAsync(2);
        for (var i = 0; i < clients; i++)
        {
            Assert.Equal("", (await SendAsync(cluster.Url, $"a-{i}", keepsConnection: false, new CancellationToken(canceled: true))).Failures);
        }

        var decided = await Task.WhenAll(cluster.OwnUrls.Select(DecidedAsync));
        Assert.Equal(clients, decided.Sum());
        Assert.All(decided, static count => Assert.InRange(count, 2, clients - 2));
        ServerProcess.Signal(cluster.Pids[0], "STOP");
        for (var i = 0; i < clients; i++)
        {
            Assert.Equal("", (await SendAsync(cluster.Url, $"b-{i}", keepsConnection: false, new CancellationToken(canceled: true))).Failures);
        }

        Assert.Equal(decided[1] + clients, await DecidedAsync(cluster.OwnUrls[1]));
    }

    private static int ReadyTimes(RunningCluster cluster, int worker) => Ready().Matches(cluster.Output).Count(match => match.Groups[1].Value == $"{worker}");

    /// <summary>Sends one transaction after the other, at least one, and counts as failed what is answered neither 200 nor, to be sent again, 503.</summary>
    private static async Task<(int Answered, string Failures)> SendAsync(Uri url, string account, bool keepsConnection, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = url, Timeout = TimeSpan.FromSeconds(10) };
        client.DefaultRequestHeaders.ConnectionClose = !keepsConnection;
        var failures = new StringBuilder();
        var answered = 0;
        do
        {
            try
            {
                using var body = new StringContent(Tx.Json(account, $"t-{answered}"), Encoding.UTF8, "application/json");
                using var response = await client.PostAsync(new Uri("/v1/transactions", UriKind.Relative), body, CancellationToken.None);
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    answered++;
                }
                else if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    failures.AppendLine($"{response.StatusCode} {await response.Content.ReadAsStringAsync(CancellationToken.None)}");
                }
            }
            catch (Exception reason) when (reason is HttpRequestException or OperationCanceledException or SocketException)
            {
                failures.AppendLine(reason.Message);
            }
        }
        while (!stop.IsCancellationRequested && failures.Length < 1000);

        return (answered, failures.ToString());
    }

    private static async Task<long> DecidedAsync(Uri url)
    {
        using var probe = new FraudEngine.Hosting.Workers.WorkerProbe(TimeProvider.System);
        return (await probe.MeasureAsync(url))!.Value.Decided;
    }

    [GeneratedRegex(@"^\[(\d+)\] \S+ ready after", RegexOptions.Multiline)]
    private static partial Regex Ready();

    [GeneratedRegex(@"^\[\d+\] \S+ stopped$", RegexOptions.Multiline)]
    private static partial Regex Stopped();
}

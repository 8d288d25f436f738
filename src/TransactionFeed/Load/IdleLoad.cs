using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TransactionFeed.CommandLine;
using TransactionFeed.Reports;
using TransactionFeed.Wire;

namespace TransactionFeed.Load;

/// <summary>Opens many subscribers to the alert stream, holds them, and says what each costs the server.</summary>
internal sealed class IdleLoad(LoadSettings settings) : IDisposable
{
    private const int OpeningAtOnce = 50;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly List<Stream> _connections = [];
    private long _bytes;
    private int _lost;

    public static async Task<int> RunAsync(LoadSettings settings, string? jsonPath, FeedConsole console, CancellationToken stop)
    {
        using var load = new IdleLoad(settings);
        var before = ProcessUsage.Of(settings.ServerPids);
        await load.OpenAsync(stop);
        console.Say($"{load._connections.Count:N0} subscribers are connected.");
        await Task.Delay(Settling, stop);
        var begin = ProcessUsage.Of(settings.ServerPids);
        var watch = Stopwatch.StartNew();
        await Task.Delay(settings.Duration, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var end = ProcessUsage.Of(settings.ServerPids);
        load.Report(before, begin, end with { Cpu = end.Cpu - begin.Cpu }, watch.Elapsed, jsonPath, console);
        return stop.IsCancellationRequested ? ExitCode.Interrupted : load._lost > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    public void Dispose() => _connections.ForEach(connection => connection.Dispose());

    private async Task OpenAsync(CancellationToken stop)
    {
        for (var opened = 0; opened < settings.Subscribers; opened += OpeningAtOnce)
        {
            var count = Math.Min(OpeningAtOnce, settings.Subscribers - opened);
            _connections.AddRange(await Task.WhenAll(Enumerable.Range(0, count).Select(_ => OpenOneAsync(stop))));
        }
    }

    private async Task<Stream> OpenOneAsync(CancellationToken stop)
    {
        var connection = await settings.Engine.ConnectAsync(stop);
        await connection.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {settings.Engine.PathOf("v1/alerts/stream")} HTTP/1.1\r\nHost: {settings.Engine.Host}\r\nAccept: text/event-stream\r\n\r\n"), stop);
        var response = await HttpResponse.ReadAsync(connection, stop).WaitAsync(AnswerTimeout, stop);
        if (response.Status != 200)
        {
            throw FeedException.Failed($"The engine answers {response.Status} to a subscriber.");
        }

        _ = ListenAsync(connection, stop);
        return connection;
    }

    private async Task ListenAsync(Stream connection, CancellationToken stop)
    {
        var buffer = new byte[512];
        try
        {
            int count;
            while ((count = await connection.ReadAsync(buffer, stop)) > 0)
            {
                Interlocked.Add(ref _bytes, count);
            }

            Interlocked.Increment(ref _lost);
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            Interlocked.Increment(ref _lost);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It was closed here, at the end.
        }
    }

    private void Report(ProcessUsage before, ProcessUsage connected, ProcessUsage held, TimeSpan elapsed, string? jsonPath, FeedConsole console)
    {
        var perSubscriberKib = (double)(connected.RssKib - before.RssKib) / _connections.Count;
        var cpuPercent = 100 * held.Cpu / elapsed;
        var table = new ReportTable()
            .Add("load", $"{_connections.Count:N0} idle subscribers for {ReportTable.Seconds(elapsed)}")
            .Add("lost", ReportTable.Number(_lost))
            .Add("received", $"{_bytes:N0} bytes");
        if (settings.ServerPids.Count > 0)
        {
            table.Add("server RSS before", $"{before.RssKib:N0} KiB")
                .Add("server RSS after", $"{connected.RssKib:N0} KiB")
                .Add("per subscriber", $"{perSubscriberKib:N1} KiB")
                .Add("server CPU", $"{cpuPercent:N2} % of a core");
        }

        table.Print(console.Results);
        if (jsonPath is null)
        {
            return;
        }

        using var file = OutputFile.Create(jsonPath);
        JsonSerializer.Serialize(file, new
        {
            subscribers = _connections.Count,
            lost = _lost,
            seconds = elapsed.TotalSeconds,
            serverRssKibBefore = before.RssKib,
            serverRssKibAfter = connected.RssKib,
            kibPerSubscriber = perSubscriberKib,
            serverCpuPercent = cpuPercent,
        });
    }
}

using System.Diagnostics;

namespace TransactionFeed.Load;

/// <summary>Runs a load and reads the processes' usage at the beginning and the end of what is measured.</summary>
internal static class LoadRun
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    public static async Task<LoadResult> RunAsync(ILoad load, LoadSettings settings, LoadClock clock, CancellationToken stop)
    {
        await load.ConnectAsync(stop);
        clock.Begin();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = load.RunAsync(ended.Token);
        var usage = MeasureAsync(settings, clock, ended.Token);
        if (await Task.WhenAny(running, usage) == running)
        {
            // Too early: it failed, or was stopped.
            await ended.CancelAsync();
        }

        try
        {
            await running;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // What was reached by then is the result.
        }

        var (clientCores, serverCores, server) = await usage;
        var total = new LoadMeter(clock);
        foreach (var meter in load.Meters)
        {
            total.Add(meter);
        }

        var until = Math.Clamp(Stopwatch.GetTimestamp(), clock.MeasureFrom, clock.MeasureUntil);
        return new LoadResult(
            total, load.Unanswered, Stopwatch.GetElapsedTime(clock.MeasureFrom, until), clientCores, serverCores, server, stop.IsCancellationRequested);
    }

    /// <summary>Waits on the calling thread, which is one made for it.</summary>
    public static void SleepUntil(long timestamp)
    {
        while (Stopwatch.GetTimestamp() is var now && now < timestamp)
        {
            PreciseSleep.For(Stopwatch.GetElapsedTime(now, timestamp));
        }
    }

    public static async Task UntilAsync(long timestamp, CancellationToken stop)
    {
        while (Stopwatch.GetTimestamp() is var now && now < timestamp)
        {
            await Task.Delay(Stopwatch.GetElapsedTime(now, timestamp) + TimeSpan.FromMilliseconds(1), stop);
        }
    }

    /// <summary>Waits for the last answers, but not for ever.</summary>
    public static async Task DrainAsync(Func<bool> isDone, TimeSpan max, CancellationToken stop)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!isDone() && Stopwatch.GetElapsedTime(begin) < max)
        {
            await Task.Delay(Period, stop);
        }
    }

    private static async Task<(double ClientCores, double ServerCores, ProcessUsage? Server)> MeasureAsync(LoadSettings settings, LoadClock clock, CancellationToken stop)
    {
        await UntilOrStoppedAsync(clock.MeasureFrom, stop);
        var begin = Stopwatch.GetTimestamp();
        var clientBefore = Environment.CpuUsage.TotalTime;
        var serverBefore = ProcessUsage.Of(settings.ServerPids);
        await UntilOrStoppedAsync(clock.MeasureUntil, stop);
        var elapsed = Stopwatch.GetElapsedTime(begin);
        var client = Environment.CpuUsage.TotalTime - clientBefore;
        var server = ProcessUsage.Of(settings.ServerPids);
        return (client / elapsed, (server.Cpu - serverBefore.Cpu) / elapsed, settings.ServerPids.Count == 0 ? null : server);
    }

    private static async Task UntilOrStoppedAsync(long timestamp, CancellationToken stop) =>
        await UntilAsync(timestamp, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

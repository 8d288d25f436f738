using System.Globalization;
using TransactionFeed.CommandLine;
using TransactionFeed.Reports;

namespace TransactionFeed.Load;

/// <summary>A measurement as the user sees it.</summary>
internal static class LoadSession
{
    public static async Task<int> RunAsync(LoadSettings settings, string? jsonPath, FeedConsole console, CancellationToken stop)
    {
        Check(settings);
        try
        {
            return settings.Mode == LoadMode.Idle
                ? await IdleLoad.RunAsync(settings, jsonPath, console, stop)
                : await MeasureAsync(settings, jsonPath, console, stop);
        }
        catch (TimeoutException)
        {
            throw FeedException.Failed($"{settings.Engine} doesn't answer a subscriber.");
        }
        catch (IOException e)
        {
            throw FeedException.Usage($"{e.Message} Is the engine running?");
        }
    }

    private static void Check(LoadSettings settings)
    {
        if (settings.Mode != LoadMode.Idle && settings.Accounts < settings.Senders)
        {
            throw FeedException.Usage($"--accounts is {settings.Accounts}; it must be at least the number of connections or streams, {settings.Senders}.");
        }

        if (settings.Duration <= TimeSpan.Zero)
        {
            throw FeedException.Usage("--duration must be longer than nothing.");
        }

        if (settings.EventsFrom <= settings.EventsUntil)
        {
            throw FeedException.Usage("--events-from must be longer ago than --events-until.");
        }
    }

    private static async Task<int> MeasureAsync(LoadSettings settings, string? jsonPath, FeedConsole console, CancellationToken stop)
    {
        var run = LoadTemplates.RunOf(settings.Seed, TimeProvider.System.GetUtcNow());
        var templates = new LoadTemplates(settings.Accounts, settings.Seed, run, settings.AccountsOf ?? run, length => settings.IsNdjson ? "" : HeadOf(settings, length));
        var clock = new LoadClock(TimeProvider.System, settings.Warmup, settings.Duration, settings.EventsFrom, settings.EventsUntil);
        ILoad load = settings.IsNdjson ? new NdjsonLoad(settings, clock, templates) : new JsonLoad(settings, clock, templates);
        var result = await LoadRun.RunAsync(load, settings, clock, stop);
        LoadReport.Print(console, settings, result);
        if (jsonPath is not null)
        {
            LoadReport.WriteJson(jsonPath, settings, result);
        }

        return result.IsInterrupted ? ExitCode.Interrupted : result.Meter.Decisions == 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static string HeadOf(LoadSettings settings, int bodyBytes) => string.Create(
        CultureInfo.InvariantCulture,
        $"POST {settings.Engine.PathOf("v1/transactions")} HTTP/1.1\r\nHost: {settings.Engine.Host}\r\nContent-Type: application/json\r\nContent-Length: {bodyBytes}\r\n\r\n");
}

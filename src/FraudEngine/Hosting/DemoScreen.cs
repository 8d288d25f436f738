using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Hosting;

/// <summary>Prints, once a second, how many payments were decided and how, and a few of the alerts raised meanwhile.</summary>
internal sealed class DemoScreen(EngineHost host, TextWriter output)
{
    private const int AlertsPerSecondMax = 2;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        var clock = Stopwatch.StartNew();
        var position = host.Feed.Newest;
        long before = 0;
        var lastSecond = TimeSpan.Zero;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                var counters = host.Engine.Count();
                var approved = counters.Decided(Outcome.Approve);
                var reviewed = counters.Decided(Outcome.Review);
                var declined = counters.Decided(Outcome.Decline);
                var decided = counters.DecidedInAll;
                var elapsed = clock.Elapsed;
                var rate = (decided - before) / (elapsed - lastSecond).TotalSeconds;
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{elapsed.TotalSeconds,4:0} s  {rate,7:N0} decisions/s   {decided,9:N0} decided: {approved:N0} approved, {reviewed:N0} to review, {declined:N0} declined"));
                (before, lastSecond) = (decided, elapsed);
                position = await PrintAlertsAsync(position);
            }
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Stopped after {clock.Elapsed.TotalSeconds:0} s: {host.Engine.Count().DecidedInAll:N0} decisions, {host.Feed.Raised:N0} alerts."));
        }
    }

    private async Task<long> PrintAlertsAsync(long position)
    {
        var newest = host.Feed.Newest;
        var (frames, _) = await host.Feed.ReadAfterAsync(position, null, AlertsPerSecondMax);
        foreach (var frame in frames)
        {
            using var alert = JsonDocument.Parse(frame.Json);
            var root = alert.RootElement;
            await output.WriteLineAsync(
                $"        ALERT {root.GetProperty("outcome").GetString(),-7} {root.GetProperty("amount").GetRawText(),9} {root.GetProperty("currency").GetString()}  account {frame.AccountId}: {root.GetProperty("text").GetString()}");
        }

        return newest;
    }
}

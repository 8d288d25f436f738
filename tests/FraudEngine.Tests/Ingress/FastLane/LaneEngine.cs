using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>Engines with the lane, and with a count of what comes to the web server all the same.</summary>
internal static class LaneEngine
{
    /// <summary>The option of an engine that has no lane, and serves the host x.</summary>
    public const string Without = "--AllowedHosts=x";

    public static async Task<(RunningEngine Engine, SeenRequests Seen)> StartAsync(Action<KestrelServerLimits>? limit = null, string[]? options = null)
    {
        var seen = new SeenRequests();
        var engine = new RunningEngine
        {
            Options = options ?? [],
            Configuring = builder =>
            {
                seen.AddTo(builder);
                builder.WebHost.ConfigureKestrel(kestrel => limit?.Invoke(kestrel.Limits));
            },
        };
        await engine.InitializeAsync();
        return (engine, seen);
    }
}

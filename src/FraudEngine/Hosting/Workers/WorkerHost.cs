using Microsoft.AspNetCore.Connections;

namespace FraudEngine.Hosting.Workers;

/// <summary>An engine as the worker of a supervisor, which starts it with this word.</summary>
internal static class WorkerHost
{
    public const string Word = "worker";

    /// <param name="handles">As <see cref="SharedPort.Handles"/> has them.</param>
    public static async Task<int> RunAsync(string handles, string[] args)
    {
        Tether.Watch();
        var shared = SharedPort.Read(handles);
        await using var host = await EngineHost.OpenAsync(args, builder =>
        {
            builder.Services.AddSingleton(services => new SharedListening(shared, services.GetRequiredService<ILoggerFactory>(), services.GetRequiredService<TimeProvider>()));
            builder.Services.AddSingleton<IConnectionListenerFactory>(static services => services.GetRequiredService<SharedListening>());
            builder.Services.AddSingleton<DrainFirst>();
            builder.Services.AddSingleton<IHostLifetime>(static services => services.GetRequiredService<DrainFirst>());
            builder.Services.AddSingleton<IStartupFilter>(static services => services.GetRequiredService<DrainFirst>());
        });
        await host.StartAsync();
        await host.WaitForStopAsync();
        return 0;
    }
}

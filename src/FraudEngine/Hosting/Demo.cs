namespace FraudEngine.Hosting;

/// <summary><c>--demo</c>: the engine with a simulated feed inside, on a data directory that is deleted at the end.</summary>
internal static class Demo
{
    public static async Task<int> RunAsync(string[] args)
    {
        var directory = Directory.CreateTempSubdirectory("fraudengine-demo-");
        try
        {
            // What the user gives stands behind, so it wins.
            await using var host = await EngineHost.OpenAsync([$"--Storage:ConnectionString={directory.FullName}", "--Logging:LogLevel:Default=Warning", .. args]);
            await host.StartAsync();
            Console.WriteLine($"FraudEngine demo on {string.Join(", ", host.Urls)}: simulated payments, {DemoFeed.PaymentsPerSecond:N0} a second.");
            Console.WriteLine("Ctrl-C stops it and deletes its data.");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(host.Stopping);
            var feed = new DemoFeed(host).RunAsync(ended.Token);
            await new DemoScreen(host, Console.Out).RunAsync(ended.Token);
            await feed;
        }
        finally
        {
            directory.Delete(recursive: true);
        }

        return 0;
    }
}

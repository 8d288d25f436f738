using FraudEngine.Hosting.Workers;

namespace FraudEngine.Hosting;

public static class Program
{
    private const int CannotStart = 1;

    public static async Task<int> Main(string[] args)
    {
        if (args is [RulesCommand.Word, .. var rulesArgs])
        {
            return RulesCommand.Run(rulesArgs, Console.Out, Console.Error);
        }

        if (args is [ClusterCommand.Word, .. var clusterArgs])
        {
            return await SayWhyNotAsync(() => ClusterCommand.RunAsync(clusterArgs));
        }

        if (args is [WorkerHost.Word, var handles, .. var workerArgs])
        {
            return await SayWhyNotAsync(() => WorkerHost.RunAsync(handles, workerArgs));
        }

        if (args.Any(static arg => arg is "--help" or "-h" or "-?"))
        {
            Console.WriteLine(Usage.Text);
            return 0;
        }

        return await SayWhyNotAsync(() =>
        {
            var isDemo = args.Contains("--demo");
            string[] rest = [.. args.Where(static arg => arg != "--demo")];
            Options.CheckCommandLine(rest);
            return isDemo ? Demo.RunAsync(rest) : RunAsync(rest);
        });
    }

    private static async Task<int> SayWhyNotAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (StartException reason)
        {
            await Console.Error.WriteLineAsync($"FraudEngine can't start. {reason.Message}");
            return CannotStart;
        }
    }

    private static async Task<int> RunAsync(string[] args)
    {
        await using var host = await EngineHost.OpenAsync(args);
        await host.StartAsync();
        foreach (var url in host.Urls)
        {
            Console.WriteLine($"FraudEngine listens on {url} (Ctrl-C stops it)");
        }

        await host.WaitForStopAsync();
        return 0;
    }
}

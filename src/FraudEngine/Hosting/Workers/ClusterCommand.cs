using System.Net;
using System.Runtime.InteropServices;

namespace FraudEngine.Hosting.Workers;

/// <summary><c>FraudEngine cluster</c>: several workers on this machine that share a port, and a supervisor that keeps them running.</summary>
internal static class ClusterCommand
{
    public const string Word = "cluster";

    private static readonly TimeSpan TablePace = TimeSpan.FromSeconds(1);

    /// <summary>Throws <see cref="StartException"/> where it can't start.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Any(static arg => arg is "--help" or "-h" or "-?"))
        {
            Console.WriteLine(ClusterUsage.Text);
            return 0;
        }

        var arguments = ClusterArguments.Parse(args);
        var configuration = Check(arguments);
        if (!OperatingSystem.IsLinux())
        {
            throw new StartException("Workers share a port by a socket that they inherit, which works on Linux only. Run several engines on ports of their own, behind a proxy.");
        }

        var clock = TimeProvider.System;
        var screen = new Screen(Console.Out, !Console.IsOutputRedirected, clock);
        using var port = SharedPort.Open(configuration["urls"]!);
        using var probe = new WorkerProbe(clock);
        var supervisor = new Supervisor(Workers(arguments, configuration, port, probe, screen, clock), port, screen.Event);
        var signals = Obey(supervisor, screen);
        screen.Event($"{arguments.Nodes} workers on {port.Urls} (Ctrl-C stops them, SIGHUP restarts them one after the other)");
        var running = supervisor.RunAsync();
        if (screen.IsTerminal)
        {
            await ShowAsync(supervisor, probe, screen, clock, running);
        }

        await running;
        signals.ForEach(static signal => signal.Dispose());
        screen.Event("all workers have stopped");
        return 0;
    }

    // What is wrong for all workers is said once, before any is started.
    private static IConfiguration Check(ClusterArguments arguments)
    {
        Options.CheckCommandLine(arguments.Engine);
        var configuration = WebHost.Configuration(arguments.For(1));
        if (arguments.IsApart)
        {
            ClusterNeeds.CheckApart(configuration, WebHost.Configuration(arguments.For(2)));
        }
        else
        {
            ClusterNeeds.Check(configuration);
        }

        if (configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            throw new StartException("Kestrel:Endpoints is set, but workers share the addresses of --urls.");
        }

        Options.Read(configuration);
        return configuration;
    }

    private static List<WorkerSlot> Workers(ClusterArguments arguments, IConfiguration configuration, SharedPort port, WorkerProbe probe, Screen screen, TimeProvider clock)
    {
        var workers = new List<WorkerSlot>();
        var name = configuration["Cluster:Node"] is { Length: > 0 } given ? given : ClusterOptions.DefaultName(port.Port);
        var first = configuration["Cluster:OwnUrl"] is { Length: > 0 } url ? new Uri(url) : new Uri($"http://127.0.0.1:{port.Port + 1}");
        if (!IPAddress.TryParse(first.Host, out var address))
        {
            throw new StartException($"Cluster:OwnUrl is '{first}', but its address must be a number, such as http://127.0.0.1:5081.");
        }

        for (var i = 1; i <= arguments.Nodes; i++)
        {
            var number = i;
            var node = $"{name}-{number}";
            var own = $"{first.Scheme}://{first.Host}:{port.Reserve(address, first.Port + number - 1)}";
            string[] args = [WorkerHost.Word, port.Handles, .. arguments.For(number), "--urls", $"{port.Urls};{own}", "--Cluster:Node", node, "--Cluster:OwnUrl", own];
            workers.Add(new WorkerSlot(
                number, node, new Uri(own), () => WorkerLife.Start(args, screen.IsTerminal, line => screen.Line(number, line)), probe, clock, text => screen.Event(number, text)));
        }

        return workers;
    }

    private static List<PosixSignalRegistration> Obey(Supervisor supervisor, Screen screen)
    {
        var stops = 0;
        return
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                // A terminal that is closed sends it too.
                if (screen.IsTerminal && !Posix.HasTerminal())
                {
                    Stop(context);
                    return;
                }

                context.Cancel = true;
                _ = supervisor.RestartAsync();
            }),
        ];

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            if (Interlocked.Increment(ref stops) == 1)
            {
                screen.Event("stops the workers; once more kills them");
                _ = supervisor.StopAsync();
            }
            else
            {
                supervisor.Kill();
            }
        }
    }

    private static async Task ShowAsync(Supervisor supervisor, WorkerProbe probe, Screen screen, TimeProvider clock, Task running)
    {
        var status = new Status(supervisor.Workers, probe, clock);
        while (!running.IsCompleted)
        {
            screen.Table(StatusTable.Lines(await status.ReadAsync(), clock.GetUtcNow()));
            await Task.WhenAny(running, Task.Delay(TablePace, clock));
        }

        screen.Table(StatusTable.Lines(await status.ReadAsync(), clock.GetUtcNow()));
    }
}

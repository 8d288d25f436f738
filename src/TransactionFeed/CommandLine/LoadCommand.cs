using System.CommandLine;
using TransactionFeed.Load;
using TransactionFeed.Reports;
using TransactionFeed.Wire;

namespace TransactionFeed.CommandLine;

/// <summary><c>load</c>: measures an engine.</summary>
internal static class LoadCommand
{
    public const string Name = "load";

    public const string Examples = """
        load --mode closed --connections 64 --duration 15s --server-pid 1234
        load --mode open --rate 5000 --duration 30s --json open.json
        load --format ndjson --streams 4
        load --format ndjson --accounts-of history --accounts 1000000
        load --mode idle --subscribers 5000 --duration 20s --server-pid 1234
        """;

    public static Command Build(FeedConsole console)
    {
        var defaults = new LoadSettings { Engine = EngineAddress.Parse("http://localhost") };
        var to = SharedOptions.To();
        var mode = new Option<string>("--mode")
        {
            Description = "closed: the next transaction after an answer; open: by a constant schedule; idle: subscribers to alerts.",
            DefaultValueFactory = _ => "closed",
        };
        mode.AcceptOnlyFromAmong("closed", "open", "idle");
        var format = new Option<string>("--format") { Description = "One transaction a request, or streams of them.", DefaultValueFactory = _ => "json" };
        format.AcceptOnlyFromAmong("json", "ndjson");
        var connections = SharedOptions.Count("--connections", "JSON: keep-alive connections.", defaults.Connections, 1, LoadSettings.ConnectionsMax);
        var streams = SharedOptions.Count("--streams", "NDJSON: parallel requests.", defaults.Streams, 1, LoadSettings.StreamsMax);
        var inFlight = SharedOptions.Count("--in-flight", "NDJSON: unanswered lines per stream.", defaults.InFlightMax, 1, 65_536);
        var rate = SharedOptions.Count("--rate", "Open: transactions per second.", defaults.Rate, 1, 10_000_000);
        var accounts = SharedOptions.Count("--accounts", "Accounts, new ones in every run but for --accounts-of.", defaults.Accounts, 1, 99_999_999);
        var accountsOf = new Option<string?>("--accounts-of") { Description = "Use the accounts of this run again, or of a journal that was made.", HelpName = "RUN" };
        accountsOf.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string?>() is { } run && (run.Length is 0 or > 32 || !run.All(char.IsAsciiLetterOrDigit)))
            {
                result.AddError($"--accounts-of: '{run}' is no run's name, which is of 1 to 32 letters and digits.");
            }
        });
        var firstAccount = SharedOptions.Count("--first-account", "The number of the first account.", defaults.FirstAccount, 0, 99_999_999);
        var eventsFrom = SharedOptions.Duration("--events-from", "How long ago event time begins.", defaults.EventsFrom);
        var eventsUntil = SharedOptions.Duration("--events-until", "How long ago event time ends.", defaults.EventsUntil);
        var seed = new Option<int>("--seed") { Description = "Another seed gives other payments.", HelpName = "N", DefaultValueFactory = _ => defaults.Seed };
        var subscribers = SharedOptions.Count("--subscribers", "Idle: how many.", defaults.Subscribers, 1, LoadSettings.ConnectionsMax);
        var warmup = SharedOptions.Duration("--warmup", "Not measured.", defaults.Warmup);
        var duration = SharedOptions.Duration("--duration", "Measured.", defaults.Duration);
        var pids = new Option<int[]>("--server-pid")
        {
            Description = "The engine's processes on this machine, to read their CPU and memory.",
            HelpName = "PID",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var json = new Option<string?>("--json") { Description = "Write the result as JSON, too.", HelpName = "FILE" };
        var command = new Command(Name, "Measures rate, latency, CPU and memory.")
        {
            to, mode, format, connections, streams, inFlight, rate, duration, warmup, accounts, accountsOf, firstAccount, eventsFrom, eventsUntil, seed, subscribers, pids, json,
        };
        command.SetAction(async (arguments, stop) => await LoadSession.RunAsync(
            new LoadSettings
            {
                Engine = EngineAddress.Parse(arguments.GetValue(to)!),
                Mode = arguments.GetValue(mode) switch { "open" => LoadMode.Open, "idle" => LoadMode.Idle, _ => LoadMode.Closed },
                IsNdjson = arguments.GetValue(format) == "ndjson",
                Connections = arguments.GetValue(connections),
                Streams = arguments.GetValue(streams),
                InFlightMax = arguments.GetValue(inFlight),
                Rate = arguments.GetValue(rate),
                Warmup = arguments.GetValue(warmup),
                Duration = arguments.GetValue(duration),
                Accounts = arguments.GetValue(accounts),
                AccountsOf = arguments.GetValue(accountsOf),
                FirstAccount = arguments.GetValue(firstAccount),
                EventsFrom = arguments.GetValue(eventsFrom),
                EventsUntil = arguments.GetValue(eventsUntil),
                Seed = arguments.GetValue(seed),
                Subscribers = arguments.GetValue(subscribers),
                ServerPids = arguments.GetValue(pids)!,
            },
            arguments.GetValue(json),
            console,
            stop));
        return command;
    }
}

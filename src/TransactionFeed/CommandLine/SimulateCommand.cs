using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using PaymentSimulator;
using TransactionFeed.Broker;
using TransactionFeed.Replay;
using TransactionFeed.Reports;
using TransactionFeed.Simulate;
using TransactionFeed.Wire;

namespace TransactionFeed.CommandLine;

/// <summary><c>simulate</c>: realistic payments to a file, to standard output or straight to an engine.</summary>
internal static class SimulateCommand
{
    public const string Name = "simulate";

    public const string Examples = """
        simulate --count 100000 --out payments.ndjson.gz --labels labels.csv
        simulate --days 30 --customers 20000 --to http://127.0.0.1:5080
        simulate --count 100000 --to amqp://user:password@127.0.0.1:5672/
        """;

    private const long CountDefault = 100_000;

    private static readonly SimulationSettings Defaults = new();

    public static Command Build(FeedConsole console)
    {
        var customers = SharedOptions.Count("--customers", "Accounts.", Defaults.Customers, 1, SimulationSettings.CustomersMax);
        var terminals = SharedOptions.Count(
            "--terminals", "Shops, cash machines and online shops.", Defaults.Terminals, SimulationSettings.TerminalsMin, SimulationSettings.TerminalsMax);
        var seed = new Option<int>("--seed") { Description = "Another seed gives other payments.", HelpName = "N", DefaultValueFactory = _ => Defaults.Seed };
        var count = new Option<long?>("--count") { Description = "How many payments; 100,000 unless --days is given.", HelpName = "N" };
        var days = new Option<double?>("--days") { Description = "How many days of event time.", HelpName = "N" };
        var start = new Option<string>("--start") { Description = "Event time of the beginning.", HelpName = "TIME", DefaultValueFactory = _ => "2026-01-01T00:00:00Z" };
        start.Validators.Add(result =>
        {
            var text = result.GetValueOrDefault<string>();
            if (!TryReadTime(text, out _))
            {
                result.AddError($"--start: '{text}' is no time; one looks like 2026-01-01 or 2026-01-01T08:00:00Z.");
            }
        });
        var rate = new Option<double?>("--rate") { Description = "Payments per second of event time; by default 2 a day and customer.", HelpName = "N" };
        rate.Validators.Add(result => SharedOptions.CheckRange(result, result.GetValueOrDefault<double?>() ?? 1, 1e-6, 1e9));
        var fraud = new Option<double>("--fraud") { Description = "The share of fraudulent payments.", HelpName = "SHARE", DefaultValueFactory = _ => Defaults.FraudShare };
        fraud.Validators.Add(result => SharedOptions.CheckRange(result, result.GetValueOrDefault<double>(), 0, SimulationSettings.FraudShareMax));
        var format = new Option<string>("--format") { Description = "How to write them.", DefaultValueFactory = _ => "ndjson" };
        format.AcceptOnlyFromAmong("ndjson", "csv");
        var output = new Option<string?>("--out") { Description = "The file to write, compressed if it ends in .gz; by default standard output.", HelpName = "FILE" };
        var labels = new Option<string?>("--labels") { Description = "Write what each payment is in truth, as CSV.", HelpName = "FILE" };
        var to = new Option<string?>("--to") { Description = "Send them to the engine at this address instead, or to its broker: amqp://user:password@host:port/vhost.", HelpName = "URL" };
        var authorities = SharedOptions.Authorities();
        var command = new Command(Name, "Generates realistic payments with fraud among them: the same options give the same payments.")
        {
            customers, terminals, seed, count, days, start, rate, fraud, format, output, labels, to, authorities,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(to) is not null && result.GetValue(output) is not null)
            {
                result.AddError("--to and --out exclude each other.");
            }
        });
        command.SetAction(async (arguments, stop) =>
        {
            TryReadTime(arguments.GetValue(start), out var begin);
            var payments = arguments.GetValue(count) ?? (arguments.GetValue(days) is null ? CountDefault : long.MaxValue);
            var endTicks = arguments.GetValue(days) is { } length ? begin.UtcTicks + (long)(length * TimeSpan.TicksPerDay) : long.MaxValue;
            var simulator = new Simulator(new SimulationSettings
            {
                Customers = arguments.GetValue(customers),
                Terminals = arguments.GetValue(terminals),
                Seed = arguments.GetValue(seed),
                Start = begin,
                PaymentsPerSecond = arguments.GetValue(rate),
                FraudShare = arguments.GetValue(fraud),
            });
            using var labelFile = arguments.GetValue(labels) is { } path ? OutputFile.Create(path) : null;
            if (arguments.GetValue(to) is { } url)
            {
                if (BrokerAddress.IsMeant(url))
                {
                    var publication = new PublishSession(BrokerAddress.Parse(url, arguments.GetValue(authorities)), new ReplaySettings { Limit = payments }, console);
                    return await publication.RunAsync(new SimulatedSource(simulator, endTicks, labelFile), () => null, stop);
                }

                var session = new ReplaySession(EngineAddress.Parse(url), new ReplaySettings { Limit = payments }, console);
                return await session.RunAsync(new SimulatedSource(simulator, endTicks, labelFile), outPath: null, () => null, stop);
            }

            using var file = arguments.GetValue(output) is { } name ? OutputFile.Create(name) : Console.OpenStandardOutput();
            var writer = new PaymentWriter(file, labelFile, arguments.GetValue(format) == "csv" ? PaymentFormat.Csv : PaymentFormat.Ndjson);
            return await WriteAsync(writer, simulator, payments, endTicks, console, stop);
        });
        return command;
    }

    private static bool TryReadTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static async Task<int> WriteAsync(PaymentWriter writer, Simulator simulator, long payments, long endTicks, FeedConsole console, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        var writing = Task.Run(
            () =>
            {
                writer.Run(simulator, payments, endTicks, stop);
                return true;
            },
            CancellationToken.None);
        await ProgressDisplay.RunAsync(
            console.Messages, () => new ProgressMark(payments == long.MaxValue ? null : (double)writer.Count / payments, $"{writer.Count:N0} payments"), writing);
        console.Say($"{writer.Count:N0} payments, {writer.FraudCount:N0} of them fraudulent, in {ReportTable.Seconds(watch.Elapsed)} ({ReportTable.PerSecond(writer.Count, watch.Elapsed)}).");
        return stop.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Done;
    }
}

using System.CommandLine;
using System.Globalization;
using TransactionFeed.Broker;
using TransactionFeed.Input;
using TransactionFeed.Replay;
using TransactionFeed.Reports;
using TransactionFeed.Wire;

namespace TransactionFeed.CommandLine;

/// <summary><c>replay</c>: files to the engine.</summary>
internal static class ReplayCommand
{
    public const string Name = "replay";

    public const string Examples = """
        replay transactions.csv.gz --to http://127.0.0.1:5080 --out decisions.csv
        zcat payments.ndjson.gz | replay - --limit 1000
        replay 2018-04.csv.gz 2018-05.csv.gz --format handbook --speed 3600
        replay 2018-04.csv.gz 2018-05.csv.gz --labels inline --label-delay 7d
        replay payments.ndjson.gz --to amqp://user:password@127.0.0.1:5672/
        replay payments.ndjson.gz --labels labels.csv --label-delay 14d --label-genuine
        """;

    public static Command Build(FeedConsole console)
    {
        var files = new Argument<string[]>("FILE") { Description = "What to replay, in this order.", Arity = ArgumentArity.OneOrMore };
        files.Validators.Add(result =>
        {
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal)) is { } unknown)
            {
                result.AddError($"There is no option {unknown.Value}.");
            }
        });
        var to = SharedOptions.To();
        to.Description = SharedOptions.ToEngineOrBroker;
        var authorities = SharedOptions.Authorities();
        var format = new Option<string?>("--format")
        {
            Description = "The contract's fields, or the Fraud Detection Handbook's CSV. By default, each file's first line says it.",
        };
        format.AcceptOnlyFromAmong("native", "handbook");
        var speed = new Option<string>("--speed") { Description = "As fast as it goes, or N times event time.", HelpName = "max|N", DefaultValueFactory = _ => "max" };
        speed.Validators.Add(result =>
        {
            if (!TryReadSpeed(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("--speed is max or a positive number, such as 1 or 3600.");
            }
        });
        var limit = new Option<long?>("--limit") { Description = "Stop after N transactions.", HelpName = "N" };
        limit.Validators.Add(result => SharedOptions.CheckRange(result, result.GetValueOrDefault<long?>() ?? 1, 1, long.MaxValue));
        var output = new Option<string?>("--out") { Description = "Write the decisions as CSV, one row per transaction, in the input's order.", HelpName = "FILE" };
        var streams = SharedOptions.Count("--streams", "Parallel requests. An account's transactions keep their order.", 4, 1, ReplaySettings.StreamsMax);
        var giveUp = SharedOptions.Duration("--give-up-after", "How long to retry without any answer.", new ReplaySettings().GiveUpAfter);
        var labels = new LabelOptions();
        var command = new Command(Name, "Replays files of transactions, NDJSON or CSV, plain or .gz; '-' is standard input.")
        {
            files, to, authorities, format, speed, limit, output, streams, giveUp,
        };
        labels.AddTo(command);
        command.Validators.Add(result =>
        {
            if (BrokerAddress.IsMeant(result.GetValue(to) ?? "") && (result.GetValue(output) is not null || labels.AreAskedFor(result)))
            {
                result.AddError("A broker gives no decisions and takes no labels: with --to amqp://… there is no --out and no --labels. Send to the engine's http:// address for these.");
            }
        });
        command.SetAction(async (arguments, stop) =>
        {
            TryReadSpeed(arguments.GetValue(speed), out var factor);
            var settings = new ReplaySettings
            {
                Streams = arguments.GetValue(streams),
                Speed = factor,
                Limit = arguments.GetValue(limit) ?? long.MaxValue,
                GiveUpAfter = arguments.GetValue(giveUp),
                Labels = labels.Read(arguments),
            };
            var inputFormat = arguments.GetValue(format) switch
            {
                "handbook" => InputFormat.HandbookCsv,
                "native" => InputFormat.NativeCsv,
                _ => InputFormat.None,
            };
            using var input = new InputFiles(
                arguments.GetValue(files)!, inputFormat, withEventTime: factor is not null || settings.Labels is not null, withFraud: settings.Labels is { Files.Count: 0 });
            Func<double?> share = () => input.BytesTotal > 0 ? (double)input.BytesRead / input.BytesTotal : null;
            if (BrokerAddress.IsMeant(arguments.GetValue(to)!))
            {
                return await new PublishSession(BrokerAddress.Parse(arguments.GetValue(to)!, arguments.GetValue(authorities)), settings, console).RunAsync(input, share, stop);
            }

            return await new ReplaySession(EngineAddress.Parse(arguments.GetValue(to)!), settings, console).RunAsync(
                input, arguments.GetValue(output), share, stop);
        });
        return command;
    }

    /// <summary>A null <paramref name="factor"/> is max.</summary>
    private static bool TryReadSpeed(string? text, out double? factor)
    {
        factor = null;
        if (text is null or "max")
        {
            return true;
        }

        factor = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e9 ? number : null;
        return factor is not null;
    }
}

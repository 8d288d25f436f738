using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TransactionFeed.Evaluate;
using TransactionFeed.Reports;

namespace TransactionFeed.CommandLine;

/// <summary><c>evaluate</c>: decisions against what the transactions turned out to be.</summary>
internal static class EvaluateCommand
{
    public const string Name = "evaluate";

    public const string Examples = """
        evaluate --decisions decisions.csv --labels labels.csv --data payments.ndjson.gz
        evaluate --decisions decisions.csv --labels 2018-07.csv.gz 2018-08.csv.gz --from 2018-08-08 --to 2018-08-15 --known-from 2018-07-25
        evaluate --decisions decisions.csv --labels labels.csv --thresholds 0.3,0.5,0.8 --format json --out report.json --plot curves.svg
        """;

    public static Command Build(FeedConsole console)
    {
        var defaults = new EvaluateSettings { Decisions = "" };
        var decisions = new Option<string>("--decisions")
        {
            Description = "The decisions, as replay --out and backtest --decisions write them, plain or .gz.",
            HelpName = "FILE",
            Required = true,
        };
        var labels = new Option<string[]>("--labels")
        {
            Description = "What the transactions turned out to be: CSV (transactionId,accountId,fraud) or NDJSON, or the handbook's data, plain or .gz.",
            HelpName = "FILE",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var data = new Option<string[]>("--data")
        {
            Description = "The transactions, where the labels have no times: days and Card Precision need them.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var isLabelled = new Option<bool>("--labels-complete") { Description = "Every fraud has a label: a transaction without one is genuine." };
        var from = SharedOptions.Time("--from", "Evaluate from this event time on.");
        var to = SharedOptions.Time("--to", "Evaluate what is before this event time.");
        var knownFrom = SharedOptions.Time("--known-from", "Leave out accounts that have had a fraud since then, once the label's delay is over.");
        var delay = SharedOptions.Duration("--label-delay", "How long after the end of a fraud's day its account is known, with --known-from.", defaults.LabelDelay);
        var top = SharedOptions.Count("--top", "Accounts that are looked at a day, for Card Precision.", defaults.Top, 1, EvaluateSettings.TopMax);
        var thresholds = new Option<string>("--thresholds")
        {
            Description = "Scores at which to stop, separated by commas.",
            HelpName = "SCORES",
            DefaultValueFactory = _ => string.Join(',', defaults.Thresholds.Select(static threshold => threshold.ToString(CultureInfo.InvariantCulture))),
        };
        thresholds.Validators.Add(CheckThresholds);
        var format = new Option<string>("--format") { Description = "How to report.", DefaultValueFactory = _ => defaults.Format };
        format.AcceptOnlyFromAmong("table", "json", "csv");
        var output = new Option<string?>("--out") { Description = "Write the report to a file.", HelpName = "FILE" };
        var plot = new Option<string?>("--plot") { Description = "Draw the curves and the days, as SVG.", HelpName = "FILE" };
        var command = new Command(Name, "Measures decisions against what the transactions turned out to be: AUC ROC, average precision, Card Precision, and what thresholds stop.")
        {
            decisions, labels, data, isLabelled, from, to, knownFrom, delay, top, thresholds, format, output, plot,
        };
        command.Validators.Add(result =>
        {
            if (SharedOptions.TicksOf(result.GetValue(from)) >= SharedOptions.TicksOf(result.GetValue(to)))
            {
                result.AddError("--from must be before --to.");
            }

            if (result.GetValue(knownFrom) is null && result.GetResult(delay) is { Implicit: false })
            {
                result.AddError("--label-delay goes with --known-from only.");
            }
        });
        command.SetAction((arguments, stop) => new EvaluateSession(
            new EvaluateSettings
            {
                Decisions = arguments.GetValue(decisions)!,
                Labels = arguments.GetValue(labels)!,
                Data = arguments.GetValue(data)!,
                IsLabelled = arguments.GetValue(isLabelled),
                From = SharedOptions.TicksOf(arguments.GetValue(from)),
                To = SharedOptions.TicksOf(arguments.GetValue(to)),
                KnownFrom = SharedOptions.TicksOf(arguments.GetValue(knownFrom)),
                LabelDelay = arguments.GetValue(delay),
                Top = arguments.GetValue(top),
                Thresholds = [.. Split(arguments.GetValue(thresholds)!).Select(ReadScore).OfType<double>().Distinct()],
                Format = arguments.GetValue(format)!,
                Out = arguments.GetValue(output),
                Plot = arguments.GetValue(plot),
            },
            console).RunAsync(stop));
        return command;
    }

    private static void CheckThresholds(OptionResult result)
    {
        var texts = Split(result.GetValueOrDefault<string>() ?? "");
        if (texts.Length is 0 or > EvaluateSettings.ThresholdsMax)
        {
            result.AddError($"--thresholds are {texts.Length}; there must be between 1 and {EvaluateSettings.ThresholdsMax}.");
        }
        else if (Array.Find(texts, static text => ReadScore(text) is null) is { } wrong)
        {
            result.AddError($"--thresholds: '{wrong}' is no score; they look like 0.5,0.8.");
        }
    }

    private static string[] Split(string thresholds) => thresholds.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static double? ReadScore(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var score) && double.IsFinite(score) ? score : null;
}

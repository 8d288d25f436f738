using System.CommandLine;
using TransactionFeed.Features;
using TransactionFeed.Reports;

namespace TransactionFeed.CommandLine;

/// <summary><c>features</c>: what a model is trained on.</summary>
internal static class FeaturesCommand
{
    public const string Name = "features";

    public const string Examples = """
        features --data 2018-0*.csv.gz --model config/model.yaml --out features.csv.gz
        features --data payments.ndjson.gz --labels labels.csv --label-delay 14d --model my-model.yaml --from 2026-02-01 --out features.csv
        """;

    public static Command Build(FeedConsole console)
    {
        var defaults = new FeatureSettings { Model = "", Out = "" };
        var data = new Option<string[]>("--data")
        {
            Description = "Transactions, in the order of time: NDJSON or CSV, native or the handbook's, plain or .gz; '-' is standard input.",
            HelpName = "FILE",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        var model = new Option<string>("--model") { Description = "The model's file, with the features. Its trees need not be there yet.", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "Write the features as CSV, one row per transaction; compressed where the name ends in .gz.", HelpName = "FILE", Required = true };
        var labels = new Option<string?>("--labels") { Description = "What the transactions turned out to be, where the data does not say it: CSV (transactionId,accountId,fraud) or NDJSON.", HelpName = "FILE" };
        var delay = SharedOptions.Duration("--label-delay", "How long after its transaction a label is known to the features of others.", defaults.LabelDelay);
        var lists = new Option<string?>("--lists") { Description = "A directory with named lists: NAME.txt, an entry a line.", HelpName = "DIR" };
        var from = SharedOptions.Time("--from", "Write what is from this event time on; what comes before fills the windows.");
        var to = SharedOptions.Time("--to", "Write what is before this event time.");
        var entities = SharedOptions.Count("--accounts-max", "Terminals, merchants, devices and counterparties held at a time.", defaults.EntitiesMax, 1, 100_000_000);
        var command = new Command(Name, "Computes a model's features for transactions, with the engine's own machines: exactly those that it would score, with the labels known by then.")
        {
            data, model, output, labels, delay, lists, from, to, entities,
        };
        command.SetAction((arguments, stop) => new FeatureSession(
            new FeatureSettings
            {
                Data = arguments.GetValue(data)!,
                Model = arguments.GetValue(model)!,
                Out = arguments.GetValue(output)!,
                Labels = arguments.GetValue(labels),
                LabelDelay = arguments.GetValue(delay),
                Lists = arguments.GetValue(lists),
                FromTicks = SharedOptions.TicksOf(arguments.GetValue(from)) ?? long.MinValue,
                ToTicks = SharedOptions.TicksOf(arguments.GetValue(to)) ?? long.MaxValue,
                EntitiesMax = arguments.GetValue(entities),
            },
            console).RunAsync(stop));
        return command;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using TransactionFeed.Backtest;
using TransactionFeed.Reports;
using TransactionFeed.Wire;

namespace TransactionFeed.CommandLine;

/// <summary><c>backtest</c>: a rule set on history.</summary>
internal static class BacktestCommand
{
    public const string Name = "backtest";

    public const string Examples = """
        backtest --rules my-rules.yaml --data 2018-04.csv.gz 2018-05.csv.gz
        backtest --rules my-rules.yaml --against config/rules.yaml --data payments.ndjson.gz --labels labels.csv --format csv --out report.csv
        backtest --rules my-rules.yaml --journal --to http://127.0.0.1:5080
        """;

    public static Command Build(FeedConsole console)
    {
        var defaults = new BacktestSettings { Rules = "" };
        var rules = new Option<string>("--rules") { Description = "The rule set to try.", HelpName = "FILE", Required = true };
        var data = new Option<string[]>("--data")
        {
            Description = "Transactions, in this order: NDJSON or CSV, native or the handbook's, plain or .gz; '-' is standard input.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var journal = new Option<bool>("--journal") { Description = "What the engine at --to has decided, instead of files." };
        var to = new Option<string?>("--to") { Description = "An engine: its journal, or else its rule set to compare with.", HelpName = "URL" };
        var against = new Option<string?>("--against") { Description = "The rule set to compare with; by default that of the engine at --to, else config/rules.yaml.", HelpName = "FILE" };
        var labels = new Option<string?>("--labels") { Description = "What the transactions turned out to be, as CSV (transactionId,accountId,fraud) or NDJSON.", HelpName = "FILE" };
        var isLabelled = new Option<bool>("--labels-complete") { Description = "Every fraud has a label: a transaction without one is genuine." };
        var delay = SharedOptions.Duration("--label-delay", "How long after its transaction a label is known to windows over frauds.", defaults.LabelDelay);
        var lists = new Option<string?>("--lists") { Description = "A directory with named lists: NAME.txt, an entry a line.", HelpName = "DIR" };
        var format = new Option<string>("--format") { Description = "How to report; the format of the data is told by its first line.", DefaultValueFactory = _ => defaults.Format };
        format.AcceptOnlyFromAmong("table", "json", "csv");
        var output = new Option<string?>("--out") { Description = "Write the report to a file.", HelpName = "FILE" };
        var decisions = new Option<string?>("--decisions") { Description = "Write the decisions as CSV, in the input's order.", HelpName = "FILE" };
        var limit = new Option<long?>("--limit") { Description = "Stop after N rows.", HelpName = "N" };
        limit.Validators.Add(result => SharedOptions.CheckRange(result, result.GetValueOrDefault<long?>() ?? 1, 1, long.MaxValue));
        var accounts = SharedOptions.Count("--accounts-max", "Accounts whose history is held at a time.", defaults.AccountsMax, 1, 100_000_000);
        var model = new Option<string?>("--model") { Description = "The model that scores with the rules: its file; the trees lie beside it. A journal's is the engine's.", HelpName = "FILE" };
        var from = SharedOptions.Time("--from", "Compare from this event time on; what comes before fills the windows.");
        var until = SharedOptions.Time("--until", "Compare up to this event time.");
        var account = new Option<string?>("--account") { Description = "Journal: this account only.", HelpName = "ID" };
        var command = new Command(Name, "Tries a rule set on history, through the engine's own machines, and compares it with another.")
        {
            rules, model, data, journal, to, against, labels, isLabelled, delay, lists, format, output, decisions, limit, accounts, from, until, account,
        };
        command.Validators.Add(result => Check(result, data, journal, to, [against, lists, decisions, model], [account]));
        command.SetAction(async (arguments, stop) =>
        {
            var settings = new BacktestSettings
            {
                Rules = arguments.GetValue(rules)!,
                Data = arguments.GetValue(data)!,
                Model = arguments.GetValue(model),
                Against = arguments.GetValue(against),
                Engine = arguments.GetValue(to) is { } url ? EngineAddress.Parse(url) : null,
                Labels = arguments.GetValue(labels),
                IsLabelled = arguments.GetValue(isLabelled),
                LabelDelay = arguments.GetValue(delay),
                Lists = arguments.GetValue(lists),
                Format = arguments.GetValue(format)!,
                Out = arguments.GetValue(output),
                Decisions = arguments.GetValue(decisions),
                Limit = arguments.GetValue(limit) ?? long.MaxValue,
                AccountsMax = arguments.GetValue(accounts),
                From = arguments.GetValue(from),
                Until = arguments.GetValue(until),
                Account = arguments.GetValue(account),
            };
            return arguments.GetValue(journal)
                ? await new JournalBacktest(settings, console).RunAsync(stop)
                : await new BacktestSession(settings, console).RunAsync(stop);
        });
        return command;
    }

    private static void Check(
        CommandResult result, Option<string[]> data, Option<bool> journal, Option<string?> to, Option<string?>[] ofFiles, Option<string?>[] ofJournal)
    {
        var isJournal = result.GetValue(journal);
        if (isJournal == result.GetValue(data) is { Length: > 0 })
        {
            result.AddError("Give either --data FILE… or --journal.");
        }
        else if (isJournal && result.GetValue(to) is null)
        {
            result.AddError("--journal needs --to URL, the engine whose journal it is.");
        }
        else if (Array.Find(isJournal ? ofFiles : ofJournal, option => result.GetValue(option) is not null) is { } misplaced)
        {
            result.AddError($"{misplaced.Name} goes with {(isJournal ? "--data" : "--journal")} only.");
        }
    }
}

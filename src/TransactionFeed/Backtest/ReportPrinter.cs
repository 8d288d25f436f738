using System.Globalization;
using FraudEngine.Trials;
using Spectre.Console;
using TransactionFeed.Reports;

namespace TransactionFeed.Backtest;

/// <summary>A trial's report as tables.</summary>
internal static class ReportPrinter
{
    private const int RulesWidth = 34;

    public static void Print(IAnsiConsole console, TrialReport report)
    {
        All(report).Print(console);
        Rules(console, report);
        if (report.Difference is { } difference)
        {
            Difference(console, difference, report.Labels is not null);
        }
    }

    private static ReportTable All(TrialReport report)
    {
        var counts = report.Transactions;
        var table = new ReportTable()
            .Add("rule set", report.RuleSet + (report.Against is null ? "" : $"  against {report.Against}"))
            .Add("from, to", report.From is null ? "-" : $"{report.From}  {report.To}  ({report.Days:N0} days)");
        if (report.Lists is not null)
        {
            table.Add("named lists", report.Lists);
        }

        table.Add("accounts", ReportTable.Number(report.Accounts)).Add("decided", ReportTable.Number(counts.Decided));
        AddWhereAny(table, "  filled windows only", counts.Filled);
        AddWhereAny(table, "  resent", counts.Resent);
        AddWhereAny(table, "  refused: id reused", counts.IdReused);
        AddWhereAny(table, "  refused: too late", counts.TooLate);
        AddWhereAny(table, "  refused: invalid", counts.Invalid);
        table
            .AddCount("  approve", report.Outcomes.Approve, counts.Decided)
            .AddCount("  review", report.Outcomes.Review, counts.Decided)
            .AddCount("  decline", report.Outcomes.Decline, counts.Decided)
            .Add("alerts", $"{Number(report.Alerts)}  ({report.AlertsPerDay.ToString("N2", CultureInfo.InvariantCulture)} a day)");
        if (report.Labels is { } labels)
        {
            Add(table, labels);
        }

        return table;
    }

    private static void Add(ReportTable table, LabelReport labels)
    {
        table.AddCount("frauds stopped", labels.FraudStopped, labels.Fraud).AddCount("genuine stopped", labels.GenuineStopped, labels.Genuine);
        AddWhereAny(table, "without a label", labels.Unknown);
        table
            .Add("precision", Percent(labels.Precision))
            .Add("recall", Percent(labels.Recall))
            .Add("genuine per fraud", Ratio(labels.FalsePositiveRatio))
            .Add("fraud money stopped", Largest(labels.FraudAmountStopped.OrderByDescending(static money => money.Amount).Select(Share)))
            .Add("genuine money stopped", Largest(labels.GenuineAmountStopped.OrderByDescending(static money => money.Amount).Select(money => $"{Money(money.Amount)} {money.Currency}")))
            .Add("customers wrongly declined", Number(labels.CustomersWronglyDeclined));
    }

    private static void Rules(IAnsiConsole console, TrialReport report)
    {
        var isLabelled = report.Labels is not null;
        var hasErrors = report.Rules.Any(static rule => rule.Errors > 0);
        string[] columns =
        [
            "rule", "hits", .. hasErrors ? (string[])["errors"] : [], "alerts", "a day",
            .. isLabelled ? (string[])["fraud", "precision", "recall", "fraud caught"] : [],
        ];

        // A row fits into 100 columns: no genuine payments (the other hits), one currency, whole amounts. The other formats have all.
        var currency = report.Labels?.FraudAmount.MaxBy(static money => money.Amount)?.Currency;
        var table = TableOf(console, columns);
        foreach (var rule in report.Rules)
        {
            table.AddRow([.. Cells(rule, hasErrors, isLabelled, currency).Select(Markup.Escape)]);
        }

        console.Write(table);
    }

    private static IEnumerable<string> Cells(RuleReport rule, bool hasErrors, bool isLabelled, string? currency) =>
    [
        rule.Rule, Number(rule.Hits), .. hasErrors ? (string[])[Number(rule.Errors)] : [], Number(rule.Alerts), rule.AlertsPerDay.ToString("N2", CultureInfo.InvariantCulture),
        .. isLabelled && rule.Labels is { } labels
            ? (string[])[Number(labels.FraudHit), Percent(labels.Precision), Percent(labels.Recall), string.Join("", labels.FraudAmountHit.Where(money => money.Currency == currency).Select(Whole))]
            : [],
    ];

    private static void Difference(IAnsiConsole console, DifferenceReport difference, bool isLabelled)
    {
        string[] outcomes = ["approve", "review", "decline"];
        var matrix = TableOf(console, ["before \\ now", .. outcomes]);
        foreach (var before in outcomes)
        {
            matrix.AddRow([before, .. outcomes.Select(now => Number(difference.Outcomes.Where(change => change.Before == before && change.Now == now).Sum(change => change.Count)))]);
        }

        console.Write(matrix);
        Change(console, "newly stopped", difference.NewlyStopped, isLabelled);
        Change(console, "newly passed", difference.NewlyPassed, isLabelled);
    }

    private static void Change(IAnsiConsole console, string name, ChangeReport change, bool isLabelled)
    {
        console.WriteLine($"{name}: {Number(change.Count)}"
            + (isLabelled && change.Count > 0 ? $" (fraud {Number(change.Fraud)}, genuine {Number(change.Genuine)}, without a label {Number(change.Unknown)})" : ""));
        if (change.Examples.Count == 0)
        {
            return;
        }

        // Many rules wrap in their column; nothing else in the table does.
        var table = TableOf(console, "transaction", "account", "amount", "outcome");
        table.AddColumn(new TableColumn("rules (+ now, - before)") { Width = RulesWidth });
        foreach (var example in change.Examples)
        {
            string[] cells =
            [
                example.TransactionId, example.AccountId, $"{Money(example.Amount)} {example.Currency}", $"{example.Before} > {example.Now}", Rules(example.RulesBefore, example.RulesNow),
            ];
            table.AddRow([.. cells.Select(Markup.Escape)]);
        }

        console.Write(table);
    }

    private static Table TableOf(IAnsiConsole console, params string[] columns)
    {
        var table = new Table().Border(console.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(columns[i]) { NoWrap = true };
            table.AddColumn(i > 0 && columns[0] == "rule" ? column.RightAligned() : column);
        }

        return table;
    }

    private static void AddWhereAny(ReportTable table, string name, long count)
    {
        if (count > 0)
        {
            table.Add(name, Number(count));
        }
    }

    /// <summary>The rules hit both times, each once; + before one that is hit now, - before one that was.</summary>
    private static string Rules(IReadOnlyList<string> before, IReadOnlyList<string> now) => string.Join(
        ", ", now.Select(rule => before.Contains(rule) ? rule : $"+{rule}").Concat(before.Except(now).Select(static rule => $"-{rule}")));

    /// <summary>The first few of them; the other formats have all.</summary>
    private static string Largest(IEnumerable<string> amounts)
    {
        const int shownMax = 2;
        var all = amounts.ToList();
        return string.Join(", ", all.Take(shownMax)) + (all.Count > shownMax ? $", and {all.Count - shownMax} more" : "");
    }

    private static string Number(long count) => ReportTable.Number(count);

    private static string Percent(decimal? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:0.00} %") : "-";

    private static string Ratio(decimal? ratio) => ratio is { } known ? known.ToString("0.00", CultureInfo.InvariantCulture) : "-";

    private static string Money(decimal amount) => amount.ToString("N2", CultureInfo.InvariantCulture);

    private static string Whole(MoneyShare money) => string.Create(CultureInfo.InvariantCulture, $"{money.Amount:N0} {money.Currency}");

    private static string Share(MoneyShare money) => $"{Money(money.Amount)} {money.Currency} ({Percent(money.Share)})";
}

using System.Globalization;
using Spectre.Console;
using TransactionFeed.Reports;

namespace TransactionFeed.Evaluate;

/// <summary>A report as tables within 100 columns.</summary>
internal static class EvaluationTable
{
    private const int DaysShownMax = 62;

    public static void Print(IAnsiConsole console, EvaluationReport report)
    {
        All(report).Print(console);
        Cutoffs(console, report.All.Cutoffs);
        if (report.Days.Count > 0)
        {
            Days(console, report);
        }

        foreach (var note in report.Notes)
        {
            console.Profile.Out.Writer.WriteLine(note);
        }
    }

    private static ReportTable All(EvaluationReport report)
    {
        var (input, leftOut, all) = (report.Input, report.LeftOut, report.All);
        var table = new ReportTable().Add("decisions", ReportTable.Number(input.Decisions));
        AddWhereAny(table, "  refused", input.Refused);
        AddWhereAny(table, "  unreadable", input.Unreadable);
        AddWhereAny(table, "  of unknown transactions", input.Unknown);
        AddWhereAny(table, "  repeated", input.Repeated);
        AddWhereAny(table, "  without a label", input.WithoutLabel);
        AddWhereAny(table, "  outside the period", leftOut.OutsidePeriod);
        AddWhereAny(table, "  of accounts known before", leftOut.OfKnownAccounts, leftOut.FraudsOfKnownAccounts);
        AddWhereAny(table, "labelled, not decided", leftOut.Undecided, leftOut.UndecidedFrauds);
        AddWhereAny(table, "labels repeated", input.LabelsRepeated);
        AddWhereAny(table, "data rows unreadable", input.DataUnreadable);
        table
            .Add("evaluated", ReportTable.Number(all.Transactions))
            .Add("  from, to", report.From is null ? "-" : $"{report.From}  {report.To}  ({ReportTable.Number(report.Days.Count)} days)")
            .AddCount("  frauds", all.Frauds, all.Transactions)
            .Add("  accounts", $"{ReportTable.Number(all.Accounts)}, {ReportTable.Number(all.CompromisedAccounts)} of them with a fraud")
            .Add("AUC ROC", Figure(all.AucRoc))
            .Add("average precision", Figure(all.AveragePrecision))
            .Add(CardPrecisionOf(report), Figure(report.CardPrecision) + (report.CardPrecisionOfPerfectScores is { } perfect ? $"  (perfect scores: {Figure(perfect)})" : ""));
        return table;
    }

    private static void Cutoffs(IAnsiConsole console, IReadOnlyList<CutoffReport> cutoffs)
    {
        var table = TableOf(console, "stopped at", "stopped", "fraud", "genuine", "precision", "recall", "false pos.", "F1");
        foreach (var cutoff in cutoffs)
        {
            AddRow(
                table, cutoff.Cutoff, ReportTable.Number(cutoff.Stopped), ReportTable.Number(cutoff.FraudStopped), ReportTable.Number(cutoff.GenuineStopped),
                Percent(cutoff.Precision), Percent(cutoff.Recall), Rate(cutoff.FalsePositiveRate), Figure(cutoff.F1));
        }

        console.Write(table);
    }

    private static void Days(IAnsiConsole console, EvaluationReport report)
    {
        var table = TableOf(console, "day", "transactions", "frauds", "accounts", "AUC ROC", "avg. precision", $"CP@{report.Top}", "found");
        foreach (var day in report.Days.Take(DaysShownMax))
        {
            AddRow(
                table, day.Day, ReportTable.Number(day.All.Transactions), ReportTable.Number(day.All.Frauds), ReportTable.Number(day.All.Accounts), Figure(day.All.AucRoc),
                Figure(day.All.AveragePrecision), Figure(day.CardPrecision), $"{ReportTable.Number(day.AccountsFound)} of {ReportTable.Number(day.AccountsToFind)}");
        }

        console.Write(table);
        if (report.Days.Count > DaysShownMax)
        {
            console.Profile.Out.Writer.WriteLine($"And {ReportTable.Number(report.Days.Count - DaysShownMax)} more days: --format json and csv have all.");
        }
    }

    public static string CardPrecisionOf(EvaluationReport report) => string.Create(CultureInfo.InvariantCulture, $"Card Precision@{report.Top}");

    public static string Figure(double? value) => value is { } known ? known.ToString("0.0000", CultureInfo.InvariantCulture) : "-";

    private static string Percent(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:0.00} %") : "-";

    /// <summary>A false-positive rate that is any good is a small one.</summary>
    private static string Rate(double? share) => share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:0.0000} %") : "-";

    private static void AddWhereAny(ReportTable table, string name, long count)
    {
        if (count > 0)
        {
            table.Add(name, ReportTable.Number(count));
        }
    }

    private static void AddWhereAny(ReportTable table, string name, long count, long frauds)
    {
        if (count > 0)
        {
            table.Add(name, $"{ReportTable.Number(count)}, {ReportTable.Number(frauds)} of them frauds");
        }
    }

    private static Table TableOf(IAnsiConsole console, params string[] columns)
    {
        var table = new Table().Border(console.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(columns[i]) { NoWrap = true };
            table.AddColumn(i > 0 ? column.RightAligned() : column);
        }

        return table;
    }

    private static void AddRow(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);
}

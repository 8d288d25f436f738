using System.Globalization;
using System.Text;
using TransactionFeed.Replay;

namespace TransactionFeed.Evaluate;

/// <summary>
/// A report as CSV: one number a row, so that reports of several evaluations can be put under one another. The scope is <c>all</c>, <c>cutoff</c>, <c>day</c> or
/// <c>dayCutoff</c>; what can't be computed has no row.
/// </summary>
internal static class EvaluationCsv
{
    public const string Header = "decisions,scope,day,cutoff,measure,value\n";

    public static void Write(TextWriter output, EvaluationReport report)
    {
        output.Write(Header);
        foreach (var (scope, day, cutoff, measure, value) in Rows(report))
        {
            if (value is not null)
            {
                output.Write(Encoding.UTF8.GetString(DecisionCsv.Row(report.Decisions, scope, day, cutoff, measure, Convert.ToString(value, CultureInfo.InvariantCulture)!)));
            }
        }
    }

    private static IEnumerable<(string Scope, string Day, string Cutoff, string Measure, object? Value)> Rows(EvaluationReport report) =>
        All(report).Concat(Figures(report.All)).Select(static row => ("all", "", "", row.Measure, row.Value))
            .Concat(report.All.Cutoffs.SelectMany(static cutoff => Cutoff(cutoff).Select(row => ("cutoff", "", cutoff.Cutoff, row.Measure, row.Value))))
            .Concat(report.Days.SelectMany(static day => Day(day).Concat(Figures(day.All)).Select(row => ("day", day.Day, "", row.Measure, row.Value))
                .Concat(day.All.Cutoffs.SelectMany(cutoff => Cutoff(cutoff).Select(row => ("dayCutoff", day.Day, cutoff.Cutoff, row.Measure, row.Value))))));

    private static IEnumerable<(string Measure, object? Value)> All(EvaluationReport report) =>
    [
        ("from", report.From), ("to", report.To), ("knownFrom", report.KnownFrom), ("labelDelayDays", report.LabelDelayDays), ("top", report.Top),
        ("decisions", report.Input.Decisions), ("refused", report.Input.Refused), ("unreadable", report.Input.Unreadable), ("unknown", report.Input.Unknown),
        ("repeated", report.Input.Repeated), ("repeatedDifferently", report.Input.RepeatedDifferently), ("withoutLabel", report.Input.WithoutLabel),
        ("labels", report.Input.Labels), ("labelsRepeated", report.Input.LabelsRepeated), ("dataUnreadable", report.Input.DataUnreadable),
        ("outsidePeriod", report.LeftOut.OutsidePeriod), ("ofKnownAccounts", report.LeftOut.OfKnownAccounts), ("fraudsOfKnownAccounts", report.LeftOut.FraudsOfKnownAccounts),
        ("undecided", report.LeftOut.Undecided), ("undecidedFrauds", report.LeftOut.UndecidedFrauds), ("withoutTime", report.LeftOut.WithoutTime),
        ("cardPrecision", report.CardPrecision), ("cardPrecisionOfPerfectScores", report.CardPrecisionOfPerfectScores),
    ];

    private static IEnumerable<(string Measure, object? Value)> Figures(SetFigures figures) =>
    [
        ("transactions", figures.Transactions), ("frauds", figures.Frauds), ("genuine", figures.Genuine), ("accounts", figures.Accounts),
        ("compromisedAccounts", figures.CompromisedAccounts), ("aucRoc", figures.AucRoc), ("averagePrecision", figures.AveragePrecision),
    ];

    private static IEnumerable<(string Measure, object? Value)> Day(DayReport day) =>
    [
        ("cardPrecision", day.CardPrecision), ("accountsFound", day.AccountsFound), ("accountsToFind", day.AccountsToFind), ("accountsRanked", day.AccountsRanked),
        ("accountsTied", day.AccountsTied), ("placesOfTied", day.PlacesOfTied),
    ];

    private static IEnumerable<(string Measure, object? Value)> Cutoff(CutoffReport cutoff) =>
    [
        ("threshold", cutoff.Threshold), ("stopped", cutoff.Stopped), ("fraudStopped", cutoff.FraudStopped), ("fraudPassed", cutoff.FraudPassed),
        ("genuineStopped", cutoff.GenuineStopped),
        ("genuinePassed", cutoff.GenuinePassed), ("precision", cutoff.Precision), ("recall", cutoff.Recall), ("falsePositiveRate", cutoff.FalsePositiveRate), ("f1", cutoff.F1),
    ];
}

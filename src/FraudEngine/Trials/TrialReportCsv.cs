using System.Buffers;
using System.Globalization;
using System.Text;

namespace FraudEngine.Trials;

/// <summary>
/// A report as CSV (RFC 4180, line feeds): one number a row, so that reports of several trials can be put under one another. The scope is <c>all</c>, <c>rule</c>,
/// <c>difference</c> or an <c>example</c>; amounts have their currency in the measure's name, after a colon.
/// </summary>
public static class TrialReportCsv
{
    public const string Header = "ruleSet,scope,name,measure,value\n";

    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n");

    public static string Write(TrialReport report)
    {
        var csv = new StringBuilder(Header);
        foreach (var (scope, name, measure, value) in Rows(report))
        {
            if (value is not null)
            {
                csv.Append(Quoted(report.RuleSet)).Append(',').Append(scope).Append(',').Append(Quoted(name)).Append(',').Append(measure).Append(',')
                    .Append(Quoted(Convert.ToString(value, CultureInfo.InvariantCulture)!)).Append('\n');
            }
        }

        return csv.ToString();
    }

    private static IEnumerable<(string Scope, string Name, string Measure, object? Value)> Rows(TrialReport report) =>
        All(report).Select(row => ("all", "", row.Measure, row.Value))
            .Concat(report.Rules.SelectMany(rule => Rule(rule).Select(row => ("rule", rule.Rule, row.Measure, row.Value))))
            .Concat(report.Difference is { } difference ? Difference(difference) : []);

    private static IEnumerable<(string Measure, object? Value)> All(TrialReport report) =>
    [
        ("against", report.Against), ("lists", report.Lists), ("from", report.From), ("to", report.To), ("days", report.Days), ("accounts", report.Accounts),
        ("decided", report.Transactions.Decided), ("filled", report.Transactions.Filled), ("resent", report.Transactions.Resent),
        ("idReused", report.Transactions.IdReused), ("tooLate", report.Transactions.TooLate), ("invalid", report.Transactions.Invalid),
        ("approve", report.Outcomes.Approve), ("review", report.Outcomes.Review), ("decline", report.Outcomes.Decline),
        ("alerts", report.Alerts), ("alertsPerDay", report.AlertsPerDay),
        .. report.Labels is { } labels ? All(labels) : [],
    ];

    private static IEnumerable<(string Measure, object? Value)> All(LabelReport labels) =>
    [
        ("fraud", labels.Fraud), ("genuine", labels.Genuine), ("unknown", labels.Unknown),
        ("fraudStopped", labels.FraudStopped), ("fraudPassed", labels.FraudPassed), ("genuineStopped", labels.GenuineStopped), ("genuinePassed", labels.GenuinePassed),
        ("precision", labels.Precision), ("recall", labels.Recall), ("falsePositiveRatio", labels.FalsePositiveRatio),
        .. Amounts("fraudAmount", labels.FraudAmount), .. Amounts("fraudAmountStopped", labels.FraudAmountStopped), .. Amounts("genuineAmountStopped", labels.GenuineAmountStopped),
        ("customersWronglyDeclined", labels.CustomersWronglyDeclined),
    ];

    private static IEnumerable<(string Measure, object? Value)> Rule(RuleReport rule) =>
    [
        ("hits", rule.Hits), ("errors", rule.Errors), ("alerts", rule.Alerts), ("alertsPerDay", rule.AlertsPerDay),
        .. rule.Labels is { } labels ? Rule(labels) : [],
    ];

    private static IEnumerable<(string Measure, object? Value)> Rule(RuleLabelReport labels) =>
    [
        ("fraudHit", labels.FraudHit), ("genuineHit", labels.GenuineHit), ("unknownHit", labels.UnknownHit),
        ("precision", labels.Precision), ("recall", labels.Recall), ("falsePositiveRatio", labels.FalsePositiveRatio),
        .. Amounts("fraudAmountHit", labels.FraudAmountHit), .. Amounts("genuineAmountHit", labels.GenuineAmountHit),
    ];

    private static IEnumerable<(string Scope, string Name, string Measure, object? Value)> Difference(DifferenceReport difference) =>
    [
        ("difference", "", "compared", difference.Compared), ("difference", "", "changed", difference.Changed),
        .. difference.Outcomes.Select(change => ("difference", $"{change.Before} to {change.Now}", "count", (object?)change.Count)),
        .. Change("newlyStopped", difference.NewlyStopped), .. Change("newlyPassed", difference.NewlyPassed),
    ];

    private static IEnumerable<(string Scope, string Name, string Measure, object? Value)> Change(string name, ChangeReport change) =>
    [
        ("difference", name, "count", change.Count), ("difference", name, "fraud", change.Fraud), ("difference", name, "genuine", change.Genuine), ("difference", name, "unknown", change.Unknown),
        .. change.Examples.Select(example => (
            "example",
            $"{example.AccountId} {example.TransactionId}",
            name,
            (object?)string.Create(CultureInfo.InvariantCulture, $"{example.Timestamp} {example.Amount} {example.Currency}: {example.Before} ({string.Join(' ', example.RulesBefore)}) to {example.Now} ({string.Join(' ', example.RulesNow)})"))),
    ];

    private static IEnumerable<(string Measure, object? Value)> Amounts(string name, IEnumerable<MoneyReport> amounts) =>
        amounts.Select(amount => ($"{name}:{amount.Currency}", (object?)amount.Amount));

    private static IEnumerable<(string Measure, object? Value)> Amounts(string name, IEnumerable<MoneyShare> amounts) =>
        amounts.SelectMany(amount => new[] { ($"{name}:{amount.Currency}", (object?)amount.Amount), ($"{name}Share:{amount.Currency}", amount.Share) });

    private static string Quoted(string field) => field.AsSpan().IndexOfAny(NeedsQuotes) < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

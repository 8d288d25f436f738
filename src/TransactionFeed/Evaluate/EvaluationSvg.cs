using System.Globalization;
using System.Text;

namespace TransactionFeed.Evaluate;

/// <summary>An evaluation as a picture of its own: precision and recall, the ROC curve, Card Precision per day. No script, no font or file from elsewhere.</summary>
internal static class EvaluationSvg
{
    private const int Width = 1170;
    private const int Height = 470;
    private const int Top = 112;
    private const int FirstLeft = 66;
    private const int PanelDistance = 382;
    private const int NameCharactersMax = 80;
    private const int DayNamesMax = 7;
    private const int WideGapDaysMax = 40;
    private const string OutcomeStyle = "dotOutcome";

    private const string Style = """
        <style>
        text { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1f2933; }
        .head { font-size: 18px; font-weight: 600; } .title { font-size: 15px; font-weight: 600; }
        .sub { font-size: 13px; fill: #52606d; } .name { font-size: 12px; fill: #52606d; } .tick { font-size: 11px; fill: #52606d; }
        .grid { stroke: #e4e7eb; } .axis { stroke: #9aa5b1; } .chance { stroke: #9aa5b1; stroke-dasharray: 4 4; }
        .curve { fill: none; stroke: #2563eb; stroke-width: 2; stroke-linejoin: round; }
        .dotScore { fill: #fff; stroke: #2563eb; stroke-width: 2; } .dotOutcome { fill: #ea580c; }
        .toFind { fill: #dbe4f3; } .found { fill: #2563eb; }
        </style>
        """;

    public static string Draw(Evaluation evaluation)
    {
        var (report, curve) = (evaluation.Report, evaluation.Curve);
        var name = report.Decisions.Length > NameCharactersMax ? "…" + report.Decisions[^NameCharactersMax..] : report.Decisions;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img">""").Append('\n')
            .Append(CultureInfo.InvariantCulture, $"<title>{SvgPanel.Escaped($"Evaluation of {name}")}</title>\n{Style}\n")
            .Append(CultureInfo.InvariantCulture, $"""<rect width="{Width}" height="{Height}" fill="#fff"/>""").Append('\n')
            .Append(CultureInfo.InvariantCulture, $"""<text class="head" x="24" y="32">{SvgPanel.Escaped(name)}</text>""").Append('\n')
            .Append(CultureInfo.InvariantCulture, $"""<text class="sub" x="24" y="53">{SvgPanel.Escaped(Summary(report))}</text>""").Append('\n');
        PrecisionRecall(new SvgPanel(svg, FirstLeft, Top, 1), report, curve);
        Roc(new SvgPanel(svg, FirstLeft + PanelDistance, Top, 1), report, curve);
        Days(svg, report);
        return svg.Append("</svg>\n").ToString();
    }

    private static string Summary(EvaluationReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.All.Transactions:N0} transactions, {report.All.Frauds:N0} of them frauds, of {report.All.Accounts:N0} accounts{(report.From is null ? "" : $"; {report.From[..10]} to {report.To![..10]}")}");

    private static void PrecisionRecall(SvgPanel panel, EvaluationReport report, RankCurve curve)
    {
        panel.Frame("Precision and recall", $"average precision {EvaluationTable.Figure(report.All.AveragePrecision)}", "recall", "precision", hasXTicks: true);
        if (curve.Frauds == 0)
        {
            panel.Say("no frauds");
            return;
        }

        var share = (double)curve.Frauds / (curve.Frauds + curve.Genuine);
        panel.Line(0, share, 1, share, "chance");
        panel.Curve(Steps(curve), "curve");
        foreach (var cutoff in report.All.Cutoffs.Where(static cutoff => cutoff.Precision is not null))
        {
            panel.Dot(cutoff.Recall!.Value, cutoff.Precision!.Value, StyleOf(cutoff), cutoff.Cutoff);
        }
    }

    /// <summary>Average precision is the area under these steps: from the recall before to a point's own, precision is the point's.</summary>
    private static IEnumerable<(double Recall, double Precision)> Steps(RankCurve curve)
    {
        var recall = 0.0;
        foreach (var point in curve.Points)
        {
            yield return (recall, point.Precision);
            recall = (double)point.Frauds / curve.Frauds;
            yield return (recall, point.Precision);
        }
    }

    private static void Roc(SvgPanel panel, EvaluationReport report, RankCurve curve)
    {
        panel.Frame("ROC", $"area under the curve {EvaluationTable.Figure(report.All.AucRoc)}", "false-positive rate", "recall (true-positive rate)", hasXTicks: true);
        if (report.All.AucRoc is null)
        {
            panel.Say(curve.Frauds == 0 ? "no frauds" : "only frauds");
            return;
        }

        panel.Line(0, 0, 1, 1, "chance");
        panel.Curve(curve.Points.Select(point => ((double)point.Genuine / curve.Genuine, (double)point.Frauds / curve.Frauds)).Prepend((0, 0)), "curve");
        foreach (var cutoff in report.All.Cutoffs)
        {
            panel.Dot(cutoff.FalsePositiveRate!.Value, cutoff.Recall!.Value, StyleOf(cutoff), cutoff.Cutoff);
        }

        panel.Key(0.56, 0.13, "dotScore", "at a threshold");
        if (report.All.Cutoffs.Any(static cutoff => StyleOf(cutoff) == OutcomeStyle))
        {
            panel.Key(0.56, 0.07, OutcomeStyle, "at an outcome");
        }
    }

    private static void Days(StringBuilder svg, EvaluationReport report)
    {
        var highest = report.Days.Select(day => (double)Math.Min(day.AccountsToFind, report.Top) / report.Top).DefaultIfEmpty(0).Max();
        double[] ends = [0.05, 0.1, 0.25, 0.5, 0.75, 1];
        var end = ends.First(end => end >= highest);
        var panel = new SvgPanel(svg, FirstLeft + (2 * PanelDistance), Top, end);
        var mean = report.CardPrecision is null ? "" : $"mean {EvaluationTable.Figure(report.CardPrecision)}, of perfect scores {EvaluationTable.Figure(report.CardPrecisionOfPerfectScores)}";
        panel.Frame($"{EvaluationTable.CardPrecisionOf(report)} per day", mean, "", "Card Precision", hasXTicks: false);
        if (report.Days.Count == 0)
        {
            panel.Say("no times");
            return;
        }

        var gap = report.Days.Count > WideGapDaysMax ? 0.05 : 0.18;
        var every = (report.Days.Count + DayNamesMax - 1) / DayNamesMax;
        for (var i = 0; i < report.Days.Count; i++)
        {
            var day = report.Days[i];
            var (left, right) = ((i + gap) / report.Days.Count, (i + 1 - gap) / report.Days.Count);
            var title = string.Create(CultureInfo.InvariantCulture, $"{day.Day}: {day.AccountsFound:N0} found of {day.AccountsToFind:N0}");
            panel.Bar(left, right, Math.Min(day.AccountsToFind, report.Top) / (report.Top * end), "toFind", title);
            panel.Bar(left, right, day.CardPrecision / end, "found", title);
            if (i % every == 0)
            {
                panel.Under((left + right) / 2, day.Day[5..]);
            }
        }

        panel.Key(0.27, -0.117, "found", "found");
        panel.Key(0.52, -0.117, "toFind", "to be found");
    }

    private static string StyleOf(CutoffReport cutoff) => cutoff.Threshold is not null ? "dotScore" : OutcomeStyle;
}

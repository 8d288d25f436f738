using TransactionFeed.Reports;

namespace TransactionFeed.Replay;

/// <summary>The table at the end of a replay, complete or not.</summary>
internal static class ReplayReport
{
    public static void Print(FeedConsole console, ReplayCounts counts, TimeSpan elapsed)
    {
        var table = new ReportTable()
            .Add("read", ReportTable.Number(counts.Read))
            .Add("answered", ReportTable.Number(counts.Answered));
        AddKinds(table, "", counts.Outcomes, counts.Answered);
        AddKinds(table, "error: ", counts.Errors, counts.Answered);
        AddKinds(table, "not sent: ", counts.Unsendable, counts.Read);
        if (counts.Retries > 0)
        {
            table.Add("retries", ReportTable.Number(counts.Retries));
        }

        if (counts.Labels is { } labels)
        {
            AddLabels(table, labels);
        }

        table
            .Add("rate", ReportTable.PerSecond(counts.Answered, elapsed))
            .AddLatency(counts.Latency)
            .Add("elapsed", ReportTable.Seconds(elapsed))
            .Print(console.Results);
        var missing = counts.Read - counts.Answered - counts.NotSent;
        console.Say(missing == 0
            ? $"In = out: {counts.Read:N0} read, {counts.Answered:N0} answered, {counts.NotSent:N0} not sent."
            : $"Incomplete: {counts.Read:N0} read, {missing:N0} of them without an answer yet. Run it again to go on: what is answered stays as it is.");
        if (counts.Labels is { NotDue: > 0 } waiting)
        {
            console.Say($"{waiting.NotDue:N0} labels were not due yet and not sent; --label-rest sends them at the end of the input.");
        }
    }

    /// <summary>A line for while it runs.</summary>
    public static string Line(ReplayCounts counts, TimeSpan elapsed) =>
        $"{counts.Answered:N0} answered, {ReportTable.PerSecond(counts.Answered, elapsed)}"
        + (counts.Errors.Count > 0 ? $", {counts.Errors.Values.Sum():N0} errors" : "") + (counts.Labels is { } labels ? $", {labels.Sent:N0} labels" : "") + (counts.Retries > 0 ? $", {counts.Retries:N0} retries" : "");

    private static void AddLabels(ReportTable table, LabelCounts labels)
    {
        table.Add("labels sent", ReportTable.Number(labels.Sent));
        AddKinds(table, "", new Dictionary<string, long> { ["changed"] = labels.Changed, ["known before"] = labels.Unchanged }, labels.Sent);
        AddKinds(table, "refused: ", labels.Refused, labels.Sent);
        table.Add("labels not due", ReportTable.Number(labels.NotDue));
        if (labels.WithoutTransaction > 0)
        {
            table.Add("labels without a transaction", ReportTable.Number(labels.WithoutTransaction));
        }
    }

    private static void AddKinds(ReportTable table, string prefix, IReadOnlyDictionary<string, long> kinds, long of)
    {
        foreach (var (kind, count) in kinds)
        {
            table.AddCount("  " + prefix + kind, count, of);
        }
    }
}

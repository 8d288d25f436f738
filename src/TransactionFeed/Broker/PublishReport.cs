using TransactionFeed.Reports;

namespace TransactionFeed.Broker;

/// <summary>The table at the end of a publication, complete or not.</summary>
internal static class PublishReport
{
    public static void Print(FeedConsole console, PublishCounts counts, TimeSpan elapsed)
    {
        var table = new ReportTable()
            .Add("read", ReportTable.Number(counts.Read))
            .Add("published", ReportTable.Number(counts.Published))
            .Add("confirmed", ReportTable.Number(counts.Confirmed));
        foreach (var (kind, count) in counts.Unsendable)
        {
            table.AddCount("  not sent: " + kind, count, counts.Read);
        }

        if (counts.Retries > 0)
        {
            table.Add("retries", ReportTable.Number(counts.Retries));
        }

        table
            .Add("rate", ReportTable.PerSecond(counts.Confirmed, elapsed))
            .AddLatency(counts.Latency)
            .Add("elapsed", ReportTable.Seconds(elapsed))
            .Print(console.Results);
        var missing = counts.Read - counts.Confirmed - counts.NotSent;
        console.Say(missing == 0
            ? $"In = out: {counts.Read:N0} read, {counts.Confirmed:N0} confirmed by the broker, {counts.NotSent:N0} not sent."
            : $"Incomplete: {counts.Read:N0} read, {missing:N0} of them not confirmed. Run it again to go on: what is stored stays as it is.");
        console.Say("The broker has stored them; the engine decides them as it takes them from the queues. Its decisions are in its journal and its alerts (watch), and"
            + " what it can't decide in the queue transactions.dead. Latencies here are those of the broker's confirms.");
    }

    /// <summary>A line for while it runs.</summary>
    public static string Line(PublishCounts counts, TimeSpan elapsed) =>
        $"{counts.Confirmed:N0} confirmed, {ReportTable.PerSecond(counts.Confirmed, elapsed)}" + (counts.Retries > 0 ? $", {counts.Retries:N0} retries" : "");
}

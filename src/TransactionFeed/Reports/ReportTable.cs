using System.Globalization;
using Spectre.Console;

namespace TransactionFeed.Reports;

/// <summary>A table of names and values, readable on a terminal and in a file.</summary>
internal sealed class ReportTable
{
    private static readonly double[] Percentiles = [50, 90, 99, 99.9];

    private readonly Table _table = new Table().HideHeaders().AddColumn(new TableColumn("") { NoWrap = true }).AddColumn(new TableColumn(""));

    public ReportTable Add(string name, string value)
    {
        _table.AddRow(Markup.Escape(name), Markup.Escape(value));
        return this;
    }

    public ReportTable AddCount(string name, long count, long of) =>
        Add(name, of > 0 ? string.Create(CultureInfo.InvariantCulture, $"{count:N0}  ({100.0 * count / of:0.00} %)") : Number(count));

    /// <summary>One row per percentile.</summary>
    public ReportTable AddLatency(LatencyHistogram latency)
    {
        if (latency.Count == 0)
        {
            return Add("latency", "nothing measured");
        }

        foreach (var percent in Percentiles)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"latency p{percent}"), Milliseconds(latency.PercentileMs(percent)));
        }

        return Add("latency max", Milliseconds(latency.MaxNanoseconds / 1e6));
    }

    public void Print(IAnsiConsole console)
    {
        _table.Border(console.Profile.Out.IsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        console.Write(_table);
    }

    public static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string PerSecond(long count, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{count / elapsed.TotalSeconds:N0}/s") : "-";

    public static string Seconds(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:N2} s");

    private static string Milliseconds(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:N2} ms");
}

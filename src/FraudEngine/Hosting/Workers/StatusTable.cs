using System.Globalization;

namespace FraudEngine.Hosting.Workers;

/// <summary>The workers as a table of text.</summary>
internal static class StatusTable
{
    private static readonly string[] Titles = ["worker", "pid", "state", "for", "restarts", "shards", "decisions/s", "in flight", "url"];

    // These are numbers, and stand at the right of their column.
    private static readonly bool[] IsNumber = [false, true, false, true, true, true, true, true, false];

    public static IReadOnlyList<string> Lines(IReadOnlyList<WorkerRow> rows, DateTimeOffset now)
    {
        string[][] cells = [Titles, .. rows.Select(row => Cells(row, now))];
        var widths = Enumerable.Range(0, Titles.Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        return [.. cells.Select(row => string.Join("  ", row.Select((cell, column) => IsNumber[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd())];
    }

    private static string[] Cells(WorkerRow row, DateTimeOffset now) =>
    [
        $"[{row.Number}] {row.Name}", Text(row.Pid), InWords(row.State), For(now - row.Since), Text(row.Restarts), Text(row.Shards),
        Text(row.DecidedPerSecond is { } rate ? (long)Math.Round(rate) : null), Text(row.InFlight), row.Url,
    ];

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string InWords(WorkerState state) => state switch
    {
        WorkerState.None => "-",
        WorkerState.Starting => "starting",
        WorkerState.Ready => "ready",
        WorkerState.Stopping => "stopping",
        WorkerState.Waiting => "waiting",
        WorkerState.Ended => "ended",
    };

    private static string For(TimeSpan time) => time.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalDays}d {time.Hours}h")
        : time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture);
}

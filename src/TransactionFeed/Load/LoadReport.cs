using System.Text.Json;
using TransactionFeed.CommandLine;
using TransactionFeed.Reports;

namespace TransactionFeed.Load;

/// <summary>The result as a table and as JSON.</summary>
internal static class LoadReport
{
    public static void Print(FeedConsole console, LoadSettings settings, LoadResult result)
    {
        var meter = result.Meter;
        var table = new ReportTable()
            .Add("load", Describe(settings))
            .Add("decisions/s", ReportTable.PerSecond(meter.Decisions, result.Measured))
            .Add("decisions", $"{meter.Decisions:N0} in {ReportTable.Seconds(result.Measured)}")
            .AddCount("  approve", meter.Approved, meter.Decisions)
            .AddCount("  review", meter.Reviewed, meter.Decisions)
            .AddCount("  decline", meter.Declined, meter.Decisions)
            .Add("errors", ReportTable.Number(meter.ErrorCount));
        foreach (var (kind, count) in meter.Errors)
        {
            table.Add("  " + kind, ReportTable.Number(count));
        }

        table.Add("unanswered", ReportTable.Number(result.Unanswered))
            .AddLatency(meter.Latency)
            .Add("client CPU", $"{result.ClientMicroseconds:N1} µs a transaction");
        if (result.Server is { } server)
        {
            table.Add("server CPU", $"{result.ServerMicroseconds:N1} µs a transaction")
                .Add("server peak RSS", $"{server.PeakRssKib / 1024.0:N0} MiB");
        }

        table.Print(console.Results);
    }

    public static void WriteJson(string path, LoadSettings settings, LoadResult result)
    {
        using var file = OutputFile.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        var meter = result.Meter;
        var seconds = Math.Max(result.Measured.TotalSeconds, 1e-9);
        json.WriteStartObject();
        json.WriteString("load", Describe(settings));
        json.WriteString("mode", settings.Mode == LoadMode.Open ? "open" : "closed");
        json.WriteString("format", settings.IsNdjson ? "ndjson" : "json");
        json.WriteNumber("seconds", Math.Round(seconds, 3));
        json.WriteNumber("requestsPerSecond", settings.IsNdjson ? 0 : Math.Round((meter.Decisions + meter.ErrorCount) / seconds, 1));
        json.WriteNumber("decisionsPerSecond", Math.Round(meter.Decisions / seconds, 1));
        json.WriteNumber("decisions", meter.Decisions);
        json.WriteNumber("approve", meter.Approved);
        json.WriteNumber("review", meter.Reviewed);
        json.WriteNumber("decline", meter.Declined);
        json.WriteNumber("errors", meter.ErrorCount);
        json.WriteNumber("unanswered", result.Unanswered);
        foreach (var (name, percent) in (ReadOnlySpan<(string, double)>)[("p50", 50), ("p90", 90), ("p99", 99), ("p999", 99.9), ("max", 100)])
        {
            json.WriteNumber(name + "Ms", Math.Round(meter.Latency.PercentileMs(percent), 3));
        }

        json.WriteNumber("clientCpuMicrosecondsPerTransaction", Math.Round(result.ClientMicroseconds, 2));
        if (result.Server is { } server)
        {
            json.WriteNumber("serverCpuMicrosecondsPerTransaction", Math.Round(result.ServerMicroseconds, 2));
            json.WriteNumber("serverPeakRssKib", server.PeakRssKib);
        }

        json.WriteEndObject();
    }

    private static string Describe(LoadSettings settings)
    {
        var mode = settings.Mode == LoadMode.Open ? $"open, {settings.Rate:N0}/s" : "closed";
        var format = settings.IsNdjson
            ? $"NDJSON, {settings.Streams} streams with {settings.InFlightMax} lines in flight"
            : $"JSON, {settings.Connections} connections";
        return $"{mode}, {format}, {settings.Accounts:N0} accounts{(settings.AccountsOf is null ? "" : $" of run {settings.AccountsOf}")}";
    }
}

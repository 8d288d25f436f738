using System.Globalization;
using System.Text.RegularExpressions;

namespace FraudEngine.Tests.Ingress;

public sealed partial class MetricsTests
{
    [Fact]
    public async Task Metrics_are_Prometheus_text_and_count()
    {
        await using var engine = await RunningEngine.StartAsync();
        var json = Tx.With("amount", "6000");
        await engine.PostAsync(json);
        await engine.PostAsync(json);
        await engine.PostAsync(json.Replace("6000", "6001", StringComparison.Ordinal));
        using var listener = await engine.Client.GetAsync("/v1/alerts/stream", HttpCompletionOption.ResponseHeadersRead);

        var reply = await engine.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", reply.ContentType);
        var values = Parse(reply.Body);
        Assert.Equal(1, values["fraudengine_decisions_total{outcome=\"decline\"}"]);
        Assert.Equal(0, values["fraudengine_decisions_total{outcome=\"approve\"}"]);
        Assert.Equal(1, values["fraudengine_resends_total"]);
        Assert.Equal(1, values["fraudengine_refusals_total{reason=\"id_reused\"}"]);
        Assert.Equal(1, values["fraudengine_alerts_total"]);
        Assert.Equal(1, values["fraudengine_resident_accounts"]);
        Assert.Equal(1, values["fraudengine_alert_subscribers"]);
        Assert.Equal(0, values["fraudengine_resident_entities"]);
        Assert.Equal(0, values["fraudengine_entity_recoveries_total"]);
        Assert.Equal(0, values["fraudengine_visits_unanswered_total"]);
        Assert.Equal(0, values["fraudengine_labels_total"]);
        Assert.Equal(0, values["fraudengine_in_flight"]);
    }

    /// <summary>The values by series. Every line must be one of the format's, every metric described once and before its first value, and no series twice.</summary>
    private static Dictionary<string, double> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var types = new HashSet<string>();
        var values = new Dictionary<string, double>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Matches("^# TYPE [a-z_]+ (counter|gauge)$", line);
                Assert.True(types.Add(line.Split(' ')[2]), $"described twice: {line}");
            }
            else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, $"no sample: {line}");
                Assert.Contains(sample.Groups["name"].Value, types);
                values.Add(sample.Groups["series"].Value, double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
            }
        }

        return values;
    }

    [GeneratedRegex("""^(?<series>(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_]\w*="[^"\\]*"(,[a-zA-Z_]\w*="[^"\\]*")*\})?) (?<value>-?\d+(\.\d+)?)$""")]
    private static partial Regex Sample();
}

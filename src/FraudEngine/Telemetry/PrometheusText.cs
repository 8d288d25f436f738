using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace FraudEngine.Telemetry;

/// <summary>The engine's metrics in Prometheus' text format (exposition format 0.0.4).</summary>
public static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Render(Measures measures)
    {
        var text = new StringBuilder();
        var described = new HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter == measures.Meter)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var isCounter = instrument is ObservableCounter<long>;
            var name = "fraudengine_" + instrument.Name + (isCounter ? "_total" : "");
            if (described.Add(name))
            {
                text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description}\n# TYPE {name} {(isCounter ? "counter" : "gauge")}\n");
            }

            text.Append(name);
            for (var i = 0; i < tags.Length; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? '{' : ',')}{tags[i].Key}=\"{tags[i].Value}\"{(i == tags.Length - 1 ? "}" : "")}");
            }

            text.Append(CultureInfo.InvariantCulture, $" {value}\n");
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return text.ToString();
    }
}

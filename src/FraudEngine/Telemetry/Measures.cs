using System.Diagnostics.Metrics;

namespace FraudEngine.Telemetry;

/// <summary>The engine's metrics, read when somebody asks; counting costs the decision path nothing more than a field.</summary>
public sealed class Measures : IDisposable
{
    /// <summary>The meter's name, for whoever exports it.</summary>
    public const string MeterName = "FraudEngine";

    internal Meter Meter { get; } = new(MeterName);

    /// <summary>Adds a value that only grows.</summary>
    public void Counter(string name, string help, Func<IEnumerable<Measurement<long>>> read) => Meter.CreateObservableCounter(name, read, description: help);

    /// <summary>Adds a value that goes up and down.</summary>
    public void Gauge(string name, string help, Func<long> read) => Meter.CreateObservableGauge(name, read, description: help);

    /// <summary>Adds a value that goes up and down, of several things that their tags tell apart.</summary>
    public void Gauge(string name, string help, Func<IEnumerable<Measurement<long>>> read) => Meter.CreateObservableGauge(name, read, description: help);

    public void Dispose() => Meter.Dispose();
}

using BenchmarkDotNet.Attributes;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Benchmarks;

/// <summary>What it costs to take one payment into its account's history under the shipped rules' windows, without deciding anything; in processor time of one thread.</summary>
[Config(typeof(LapByLap))]
public class WindowBenchmark
{
    private PaymentStream _stream = null!;
    private AccountState[] _states = null!;

    [GlobalSetup]
    public void Setup()
    {
        var rules = RuleSet.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "config", "rules.yaml")), "shipped", WindowSettings.Default);
        _stream = new PaymentStream();
        _states = _stream.Warm(rules.Windows);
    }

    [Benchmark(OperationsPerInvoke = PaymentStream.Payments)]
    public void Add()
    {
        foreach (var (account, decided) in _stream.All)
        {
            _states[account].History.Add(decided.Transaction, decided.EventId);
        }

        _stream.NextLap();
    }
}

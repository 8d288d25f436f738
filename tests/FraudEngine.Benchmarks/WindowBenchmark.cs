using BenchmarkDotNet.Attributes;
using FraudEngine.Entities;

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
        _stream = new PaymentStream();
        _states = _stream.Warm(ShippedRules.Read().Windows);
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

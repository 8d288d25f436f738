using BenchmarkDotNet.Attributes;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Benchmarks;

/// <summary>
/// What one transaction costs the fraud logic, in processor time of one thread: windows begun, every rule tried, features collected, and (by <see cref="DecideAndEvolve"/>) the
/// transaction remembered. 2,000 accounts in the order of their payments, so that an account's history is seldom still in a near cache.
/// </summary>
[Config(typeof(LapByLap))]
public class DecisionBenchmark
{
    private PaymentStream _stream = null!;
    private AccountState[] _states = null!;
    private AccountMachine _machine = null!;

    [Params("generated", "shipped")]
    public string RuleSet { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var rules = Read(RuleSet);
        _stream = new PaymentStream();
        _states = _stream.Warm(rules.Windows);
        _machine = new AccountMachine(rules, 1, NamedLists.Empty);
        Console.WriteLine($"// {rules.Rules.Length} rules, {rules.Windows.Specs.Length} windows, {Describe(rules)}");
    }

    [Benchmark(OperationsPerInvoke = PaymentStream.Payments)]
    public int Decide()
    {
        var hits = 0;
        foreach (var (account, decided) in _stream.All)
        {
            _machine.Decide(_states[account], decided);
            hits += decided.Decision.Hits.Length;
        }

        return hits;
    }

    [Benchmark(OperationsPerInvoke = PaymentStream.Payments)]
    public int DecideAndEvolve()
    {
        var hits = 0;
        foreach (var (account, decided) in _stream.All)
        {
            _machine.Decide(_states[account], decided);
            AccountMachine.Evolve(_states[account], decided);
            hits += decided.Decision.Hits.Length;
        }

        _stream.NextLap();
        return hits;
    }

    private static RuleSet Read(string name) =>
        name == "generated" ? Rules.RuleSet.Parse(GeneratedRules.Yaml(), name, WindowSettings.Default) : ShippedRules.Read();

    /// <summary>What a transaction of the stream is like.</summary>
    private string Describe(RuleSet rules)
    {
        var hits = 0L;
        var features = 0L;
        foreach (var (account, decided) in _stream.All)
        {
            _machine.Decide(_states[account], decided);
            hits += decided.Decision.Hits.Length;
            features += decided.Features.Values.Length;
        }

        const double payments = PaymentStream.Payments;
        var kept = _states.Average(static state => state.History.Count);
        return FormattableString.Invariant(
            $"{_states.Length} accounts with {kept:0} transactions each; per transaction {features / payments:0.0} of {rules.Windows.Specs.Length} windows read with a value, {hits / payments:0.00} rules hit");
    }
}

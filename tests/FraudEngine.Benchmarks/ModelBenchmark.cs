using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FraudEngine.Scoring;
using FraudEngine.Scoring.Xgboost;

namespace FraudEngine.Benchmarks;

/// <summary>
/// What one evaluation of a model costs, in processor time of one thread: 100 full trees over 15 features, with thresholds and values drawn by chance, so that
/// every step is as hard to foresee as it can be. A trained model is easier, as most transactions go the same way.
/// </summary>
[Config(typeof(Laps))]
public class ModelBenchmark
{
    private const int Features = 15;
    private const int Rows = 4_096;
    private const int Trees = 100;

    private readonly float[] _contributions = new float[Features];
    private float[][] _rows = null!;
    private TreeModel _model = null!;

    [Params(3, 6)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        var builder = new ForestBuilder(Features, 0);
        for (var tree = 0; tree < Trees; tree++)
        {
            builder.Add(Full(random), new JsonPlace(default, "a drawn tree"));
        }

        _model = new TreeModel([], Features, 0, builder.ToForest());
        _rows = [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, Features).Select(_ => random.NextSingle()).ToArray())];
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public float Margin()
    {
        var sum = 0f;
        foreach (var row in _rows)
        {
            sum += _model.Margin(row);
        }

        return sum;
    }

    [Benchmark(OperationsPerInvoke = Rows)]
    public float Contribute()
    {
        var sum = 0f;
        foreach (var row in _rows)
        {
            _model.Contribute(row, _contributions);
            sum += _contributions[0];
        }

        return sum;
    }

    private TreeTable Full(Random random)
    {
        var inner = (1 << Depth) - 1;
        int[] nodes = [.. Enumerable.Range(0, (2 * inner) + 1)];
        return new TreeTable(
            [.. nodes.Select(node => node < inner ? (2 * node) + 1 : TreeTable.NoChild)],
            [.. nodes.Select(node => node < inner ? (2 * node) + 2 : TreeTable.NoChild)],
            [.. nodes.Select(_ => random.Next(Features))],
            [.. nodes.Select(_ => random.NextSingle())],
            [.. nodes.Select(static _ => 1)],
            [.. nodes.Select(static _ => 1f)]);
    }

    private sealed class Laps : ManualConfig
    {
        public Laps()
        {
            var job = Job.Default.WithClock(new CpuClock()).WithToolchain(InProcessEmitToolchain.Instance);
            AddJob(job.WithWarmupCount(8).WithIterationCount(15).WithInvocationCount(32).WithUnrollFactor(1));
            AddDiagnoser(MemoryDiagnoser.Default);
            HideColumns("Job", "Clock", "Toolchain", "InvocationCount", "IterationCount", "UnrollFactor", "WarmupCount");
        }
    }
}

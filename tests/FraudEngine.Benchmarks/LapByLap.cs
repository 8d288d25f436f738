using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace FraudEngine.Benchmarks;

/// <summary>An iteration is one lap over all payments, measured in processor time.</summary>
internal sealed class LapByLap : ManualConfig
{
    public LapByLap()
    {
        AddJob(Job.Default.WithClock(new CpuClock()).WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(8).WithIterationCount(30).WithInvocationCount(1).WithUnrollFactor(1));
        AddDiagnoser(MemoryDiagnoser.Default);
        HideColumns("Job", "Clock", "Toolchain", "InvocationCount", "IterationCount", "UnrollFactor", "WarmupCount");
    }
}

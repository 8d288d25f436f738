using Perfolizer.Horology;

namespace FraudEngine.Benchmarks;

/// <summary>The processor time that this process has used, in user mode and in the kernel: what a benchmark costs, whatever else runs on the machine.</summary>
internal sealed class CpuClock : IClock
{
    public string Title => "processor time";

    public bool IsAvailable => true;

    public Frequency Frequency { get; } = new(TimeSpan.TicksPerSecond);

    public long GetTimestamp() => Environment.CpuUsage.TotalTime.Ticks;
}

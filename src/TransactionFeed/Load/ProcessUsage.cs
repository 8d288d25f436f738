using System.Globalization;
using TransactionFeed.CommandLine;

namespace TransactionFeed.Load;

/// <summary>CPU and memory of other processes on this machine, from Linux's /proc.</summary>
internal readonly record struct ProcessUsage(TimeSpan Cpu, long RssKib, long PeakRssKib)
{
    /// <summary>The unit of /proc/PID/stat, USER_HZ: 100 on every architecture that .NET runs on.</summary>
    private const int ClockTicksPerSecond = 100;

    /// <summary>All of them together.</summary>
    public static ProcessUsage Of(IReadOnlyList<int> pids) => pids.Select(Of).Aggregate(
        default(ProcessUsage), (sum, one) => new ProcessUsage(sum.Cpu + one.Cpu, sum.RssKib + one.RssKib, sum.PeakRssKib + one.PeakRssKib));

    private static ProcessUsage Of(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            var status = File.ReadAllLines($"/proc/{pid}/status");
            return new ProcessUsage(ReadCpu(stat), ReadKib(status, "VmRSS:"), ReadKib(status, "VmHWM:"));
        }
        catch (IOException)
        {
            throw FeedException.Usage($"--server-pid {pid}: there is no such process, or no /proc to read about it.");
        }
    }

    /// <summary>User and system time are the 12th and 13th fields after the process's name, which is in parentheses and may hold anything.</summary>
    private static TimeSpan ReadCpu(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / ClockTicksPerSecond);
    }

    private static long ReadKib(string[] status, string name)
    {
        var line = status.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}

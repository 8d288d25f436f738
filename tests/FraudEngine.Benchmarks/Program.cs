using BenchmarkDotNet.Running;

namespace FraudEngine.Benchmarks;

/// <summary><c>dotnet run -c Release --project tests/FraudEngine.Benchmarks -- --filter '*'</c>; REPORT.md has what it said last.</summary>
public static class Program
{
    public static void Main(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
}

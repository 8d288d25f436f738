using System.Globalization;
using BenchmarkDotNet.Running;

namespace FraudEngine.Benchmarks;

/// <summary>
/// <c>dotnet run -c Release --project tests/FraudEngine.Benchmarks -- --filter '*'</c>, or <c>-- floor [TRANSACTIONS [ROWS-PER-COMMIT]]</c>; REPORT.md has what
/// they said last.
/// </summary>
public static class Program
{
    private const int TransactionsDefault = 500_000;
    private const int RowsPerCommitDefault = 2_048;
    private const int Rounds = 5;

    public static void Main(string[] args)
    {
        if (args is ["floor", ..])
        {
            new Floor(Number(args, 1, TransactionsDefault), Number(args, 2, RowsPerCommitDefault)).Run(Rounds);
        }
        else
        {
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        }
    }

    private static int Number(string[] args, int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
}

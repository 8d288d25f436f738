using System.Globalization;
using BenchmarkDotNet.Running;

namespace FraudEngine.Benchmarks;

/// <summary>
/// <c>dotnet run -c Release --project tests/FraudEngine.Benchmarks -- --filter '*'</c>, <c>-- floor [TRANSACTIONS [ROWS-PER-COMMIT]]</c>, or
/// <c>-- journal FOLDER [ACCOUNTS [EACH]]</c>; REPORT.md has what they said last.
/// </summary>
public static class Program
{
    private const int TransactionsDefault = 500_000;
    private const int RowsPerCommitDefault = 2_048;
    private const int Rounds = 5;
    private const int AccountsDefault = 1_000_000;
    private const int EachDefault = 100;

    public static async Task Main(string[] args)
    {
        if (args is ["floor", ..])
        {
            new Floor(Number(args, 1, TransactionsDefault), Number(args, 2, RowsPerCommitDefault)).Run(Rounds);
        }
        else if (args is ["journal", var folder, ..])
        {
            await new HistoryJournal(folder, Number(args, 2, AccountsDefault), Number(args, 3, EachDefault)).MakeAsync();
        }
        else if (args is ["journal"])
        {
            Console.Error.WriteLine("journal FOLDER [ACCOUNTS [EACH]]: makes a journal with so many accounts, each with so many transactions.");
            Environment.ExitCode = 2;
        }
        else
        {
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        }
    }

    private static int Number(string[] args, int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
}

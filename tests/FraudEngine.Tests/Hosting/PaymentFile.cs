using System.Buffers;
using System.IO.Compression;
using PaymentSimulator;

namespace FraudEngine.Tests.Hosting;

/// <summary>Payments to replay: simulated ones, written for the test, or the first lines of the handbook's April.</summary>
/// <param name="Labels">The options with which a replay sends labels along.</param>
internal sealed record PaymentFile(string Path, string Format, IReadOnlyList<string> Accounts, params string[] Labels)
{
    /// <param name="labels">Where to write what the payments turned out to be, and send it along.</param>
    public static PaymentFile Simulated(string path, int count, string? labels = null)
    {
        var simulator = new Simulator(new SimulationSettings { Seed = 5, Customers = 2_000, Terminals = 400, FraudShare = 0.02 });
        var lines = new ArrayBufferWriter<byte>();
        var labelRows = new List<string> { "transactionId,accountId,fraud" };
        var accounts = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var payment = simulator.Next();
            PaymentJson.Write(payment, lines);
            accounts.Add(payment.AccountId);
            labelRows.Add($"{payment.TransactionId},{payment.AccountId},{(payment.IsFraud ? 1 : 0)}");
        }

        File.WriteAllBytes(path, lines.WrittenSpan);
        if (labels is null)
        {
            return new PaymentFile(path, "native", accounts);
        }

        File.WriteAllLines(labels, labelRows);
        return new PaymentFile(path, "native", accounts, "--labels", labels, "--label-delay", "2d", "--label-genuine");
    }

    public static PaymentFile Handbook()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Repository.HandbookApril!), CompressionMode.Decompress));
        reader.ReadLine();
        var accounts = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            accounts.Add(line.Split(',')[2]);
        }

        return new PaymentFile(Repository.HandbookApril!, "handbook", accounts);
    }
}

using System.Buffers;
using System.IO.Compression;
using PaymentSimulator;

namespace FraudEngine.Tests.Hosting;

/// <summary>Payments to replay: simulated ones, written for the test, or the first lines of the handbook's April.</summary>
internal sealed record PaymentFile(string Path, string Format, IReadOnlyList<string> Accounts)
{
    public static PaymentFile Simulated(string path, int count)
    {
        var simulator = new Simulator(new SimulationSettings { Seed = 5, Customers = 2_000, Terminals = 400, FraudShare = 0.02 });
        var lines = new ArrayBufferWriter<byte>();
        var accounts = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var payment = simulator.Next();
            PaymentJson.Write(payment, lines);
            accounts.Add(payment.AccountId);
        }

        File.WriteAllBytes(path, lines.WrittenSpan);
        return new PaymentFile(path, "native", accounts);
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

using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
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

    /// <summary>One payment at each terminal of a file of simulated payments, by an account of its own, three days after the last.</summary>
    public static PaymentFile Probes(string path, string payments)
    {
        var terminals = new SortedSet<string>(StringComparer.Ordinal);
        var newest = DateTimeOffset.MinValue;
        foreach (var line in File.ReadLines(payments))
        {
            using var payment = JsonDocument.Parse(line);
            if (payment.RootElement.TryGetProperty("terminalId", out var terminal))
            {
                terminals.Add(terminal.GetString()!);
            }

            newest = payment.RootElement.GetProperty("timestamp").GetDateTimeOffset() is var time && time > newest ? time : newest;
        }

        var at = newest.AddDays(3).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        File.WriteAllLines(
            path, terminals.Select(id => $$"""{"transactionId":"p-{{id}}","accountId":"probe-{{id}}","timestamp":"{{at}}","amount":10,"terminalId":"{{id}}"}"""));
        return new PaymentFile(path, "native", [.. terminals.Select(terminal => $"probe-{terminal}")]);
    }

    /// <summary>The first payments of the handbook's April.</summary>
    public static PaymentFile Handbook(string path, int count)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Repository.HandbookApril!), CompressionMode.Decompress));
        using var file = new StreamWriter(path);
        file.WriteLine(reader.ReadLine());
        var accounts = new List<string>();
        while (accounts.Count < count && reader.ReadLine() is { } line)
        {
            file.WriteLine(line);
            accounts.Add(line.Split(',')[2]);
        }

        return new PaymentFile(path, "handbook", accounts);
    }
}

using System.IO.Compression;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.Ingress;
using FraudEngine.Tests.Rules;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>A backtest against an engine that the same file is replayed into: the decisions files must be the same byte for byte.</summary>
[Collection(Alone.Name)]
public sealed class BacktestParityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [HandbookFact]
    public async Task The_handbook_s_rows_with_resends_late_and_wrong_ones_among_them_are_decided_as_by_the_engine()
    {
        var file = _folder.PathOf("april.csv");
        await File.WriteAllLinesAsync(file, Disturbed(Handbook(Repository.HandbookApril!).Take(1 + Soak.Times(40_000, 288_062))));
        await CompareAsync([file]);
    }

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    public async Task Simulated_payments_are_decided_as_by_the_engine(string format)
    {
        using var feed = new Feed();
        var file = _folder.PathOf("payments");
        Assert.Equal(0, await feed.RunAsync("simulate", "--count", "20000", "--customers", "400", "--fraud", "0.05", "--format", format, "--out", file));
        await CompareAsync([file]);
    }

    [Fact]
    public async Task Hostile_lines_are_refused_as_by_the_engine()
    {
        var file = _folder.PathOf("hostile.ndjson");
        string[] lines =
        [
            Tx.Json("a", "1"), "{}", "", "nonsense", Tx.Json("a", "1"), Tx.Json("a", "1", ("amount", "7")), Tx.OfLength(20_000), "[1]", Tx.Json("", "2"), Tx.Json("a", new string('x', 65)),
            Tx.Json(new string('x', 300), "3"), Tx.Json("a", "4", ("country", "\"be\"")), Tx.Json("a", "5", ("amount", "1e3")), Tx.Json("\\u0061", "6"), Tx.Json("a", "6"),
            "{\"accountId\":\"a\",\"accountId\":\"b\"}", Tx.Json("ä", "7"), "{\"x\":" + new string('[', 500) + new string(']', 500) + "," + Tx.Json("b", "8")[1..], "  " + Tx.Json("c", "9") + " ",
        ];
        await File.WriteAllLinesAsync(file, lines);
        await CompareAsync([file]);
    }

    [Fact]
    public async Task Hostile_csv_is_refused_as_by_the_engine()
    {
        var file = _folder.PathOf("hostile.csv");
        string[] lines =
        [
            "accountId,transactionId,timestamp,amount,note,merchantId", "a,1,2026-05-01T00:00:00Z,5,x,m", "\"a\",\"2\",2026-05-01T00:00:00Z,5,\"a, \"\"b\"\"\nc\",m", "a,3,2026-05-01T00:00:00Z,.5,x,m",
            "a,4,2026-05-01T00:00:00Z", "a,1,2026-05-01T00:00:00Z,5,other,m", "a,1,2026-05-01T00:00:00Z,6,x,m", ",5,2026-05-01T00:00:00Z,5,x,m", "\"a,b\",6,2026-05-01T00:00:00Z,5,x,",
            "a,7,2026-05-01,5,x,m", "a,8,2026-05-01T00:00:00Z,-1,x,m", "a,9,2026-04-01T00:00:00Z,5,x,m",
        ];
        await File.WriteAllLinesAsync(file, lines);
        await CompareAsync([file]);
    }

    [HandbookFact]
    public async Task All_the_handbook_s_files_are_decided_as_by_the_engine()
    {
        if (Soak.IsOn)
        {
            await CompareAsync([.. Directory.EnumerateFiles(Path.GetDirectoryName(Repository.HandbookApril!)!, "*.csv.gz").Order(StringComparer.Ordinal)]);
        }
    }

    private async Task CompareAsync(string[] files)
    {
        await using var engine = new RunningEngine { RuleFile = ShippedRules.Read("config/rules.yaml") };
        await engine.InitializeAsync();
        using var feed = new Feed();
        var rules = _folder.PathOf("rules.yaml");
        await File.WriteAllTextAsync(rules, engine.RuleFile);
        Assert.True(await feed.RunAsync(["replay", .. files, "--to", engine.Address.ToString(), "--out", _folder.PathOf("engine.csv"), "--give-up-after", "5s"]) == 0, feed.Messages);
        Assert.True(
            await feed.RunAsync(["backtest", "--rules", rules, "--data", .. files, "--decisions", _folder.PathOf("backtest.csv"), "--format", "json"]) == 0, feed.Messages);
        var expected = _folder.LinesOf("engine.csv");
        var actual = _folder.LinesOf("backtest.csv");
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i]);
        }
    }

    private static IEnumerable<string> Handbook(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    /// <summary>Puts in rows that were there before, rows with their ids and other content, rows that are late, too late or wrong.</summary>
    private static IEnumerable<string> Disturbed(IEnumerable<string> lines)
    {
        var random = new Random(11);
        List<string> seen = [];
        foreach (var line in lines)
        {
            yield return line;
            if (line[0] == 'T')
            {
                continue;
            }

            seen.Add(line);
            var cells = seen[Math.Max(0, seen.Count - 1 - random.Next(3_000))].Split(',');
            var time = DateTimeOffset.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture);
            switch (random.Next(60))
            {
                case 0:
                    yield return string.Join(',', cells);
                    break;
                case 1:
                    cells[4] = "9.99";
                    yield return string.Join(',', cells);
                    break;
                case 2:
                    // Hours and days late, some of them too late.
                    cells[0] = $"late-{seen.Count}";
                    cells[1] = time.AddMinutes(-random.Next(4_000)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
                    yield return string.Join(',', cells);
                    break;
                case 3:
                    cells[0] = $"wrong-{seen.Count}";
                    cells[random.Next(1, 5)] = "?";
                    yield return string.Join(',', cells);
                    break;
            }
        }
    }
}

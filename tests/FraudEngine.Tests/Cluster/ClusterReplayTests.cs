using System.IO.Compression;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.Servers;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Cluster;

/// <summary>The client's files through a cluster, by HTTP to every node and by the feed at once.</summary>
[Collection(Alone.Name)]
public sealed class ClusterReplayTests(SharedServers servers, ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [ClusterFact]
    public async Task A_replay_through_three_nodes_and_the_feed_says_the_same_as_a_single_node()
    {
        var (format, head, lines) = Payments();
        using var cluster = await RunningCluster.StartAsync(servers, nodes: 3, shards: 64);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var parts = Enumerable.Range(0, 6).Select(part => Write(part, head, lines.Where(line => Part(line.Account) == part))).ToList();
        var replays = parts.Select((path, part) => Replay(path, format, part < 3 ? cluster.Nodes[part].Url : cluster.Broker.ToString(), part)).ToList();
        try
        {
            foreach (var replay in replays)
            {
                Assert.True(await replay.ExitAsync() == 0, replay.Output);
            }
        }
        finally
        {
            replays.ForEach(static replay => replay.Dispose());
        }

        await Eventually.ThatAsync(
            async () => await StoredEntries.CountAsync(cluster.ConnectionString) >= lines.Count, $"all {lines.Count} were stored", TimeSpan.FromMinutes(2));
        output.WriteLine($"{lines.Count} transactions in {watch.Elapsed.TotalSeconds:0.0} s ({lines.Count / watch.Elapsed.TotalSeconds:0}/s)");
        await CompareAsync(cluster, format, Write(9, head, lines), parts.Take(3));
    }

    public void Dispose() => _folder.Dispose();

    private async Task CompareAsync(RunningCluster cluster, string format, string whole, IEnumerable<string> answered)
    {
        using (var single = await EngineProcess.StartAsync(_folder.PathOf("."), EngineProcess.FreePort(), "--Storage:ConnectionString", _folder.PathOf("data")))
        {
            using var replay = Replay(whole, format, single.Url, 9);
            Assert.True(await replay.ExitAsync() == 0, replay.Output);
            await single.StopAsync();
        }

        var stored = await StoredEntries.ReadAsync(cluster.ConnectionString);
        var expected = await StoredEntries.ReadSqliteAsync(_folder.PathOf("data"), stored.Accounts.Keys);
        Assert.Equal(expected.Count, stored.Count);
        Assert.All(expected.Accounts, account => Assert.Equal(
            account.Value.Select(static entry => (entry.Sequence, Convert.ToHexString(entry.Bytes))),
            stored.Accounts[account.Key].Select(static entry => (entry.Sequence, Convert.ToHexString(entry.Bytes)))));

        var decisions = _folder.LinesOf("decisions-9.csv").Skip(1).ToHashSet();
        Assert.Equal(expected.Count, decisions.Count);
        foreach (var (_, part) in answered.Select(static (path, part) => (path, part)))
        {
            Assert.Empty(_folder.LinesOf($"decisions-{part}.csv").Skip(1).Where(row => !decisions.Contains(row)).Take(5));
        }
    }

    /// <summary>Half by HTTP, a third of that to each node; half by the feed.</summary>
    private static int Part(string account) => (int)(Hash64.Of(Encoding.UTF8.GetBytes(account), seed: 3) % 6);

    private string Write(int part, string? head, IEnumerable<(string Account, string Line)> lines)
    {
        var path = _folder.PathOf($"part-{part}.{(head is null ? "ndjson" : "csv")}");
        File.WriteAllLines(path, (head is null ? [] : new[] { head }).Concat(lines.Select(static line => line.Line)));
        return path;
    }

    private ChildProcess Replay(string path, string format, string to, int part)
    {
        string[] decisions = to.StartsWith("http", StringComparison.Ordinal) ? ["--out", _folder.PathOf($"decisions-{part}.csv")] : [];
        return new ChildProcess("TransactionFeed", _folder.PathOf("."), ["replay", path, "--format", format, "--to", to, .. decisions]);
    }

    /// <summary>The first of the handbook's, where these are beside the project and the test is to be a full one; else simulated ones.</summary>
    private (string Format, string? Head, List<(string Account, string Line)> Lines) Payments()
    {
        if (Soak.IsOn && Repository.HandbookApril is { } handbook)
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(handbook), CompressionMode.Decompress));
            var head = reader.ReadLine();
            return ("handbook", head, [.. Enumerable.Range(0, 200_000).Select(_ => reader.ReadLine()!).Select(static line => (line.Split(',')[2], line))]);
        }

        var file = PaymentFile.Simulated(_folder.PathOf("payments.ndjson"), Soak.Times(20_000, 200_000));
        return ("native", null, [.. file.Accounts.Zip(File.ReadLines(file.Path))]);
    }
}

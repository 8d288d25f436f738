using FraudEngine.Tests.Hosting;

namespace FraudEngine.Tests.Cluster;

/// <summary>One node on SQLite, that nobody disturbs: what it says is right.</summary>
internal sealed class SingleNode : IDisposable
{
    private const int Lanes = 4;
    private readonly TemporaryFolder _folder = new();

    /// <summary>Decides each account's transactions in their order.</summary>
    public async Task<(IReadOnlyDictionary<(string AccountId, string TransactionId), string> Answers, StoredEntries Entries)> DecideAsync(
        string rules, IReadOnlyList<IReadOnlyList<Sent>> accounts)
    {
        using var engine = await EngineProcess.StartAsync(_folder.PathOf("."), EngineProcess.FreePort(), "--Storage:ConnectionString", _folder.PathOf("data"), "--Rules:Path", rules);
        var lanes = await Task.WhenAll(accounts.Chunk(Math.Max(1, (accounts.Count + Lanes - 1) / Lanes)).Select(lane => DecideAsync(engine.Url, [.. lane.SelectMany(static account => account)])));
        await engine.StopAsync();
        var entries = await StoredEntries.ReadSqliteAsync(_folder.PathOf("data"), accounts.Select(static account => account[0].AccountId));
        return (lanes.SelectMany(static lane => lane).ToDictionary(), entries);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<IReadOnlyList<KeyValuePair<(string AccountId, string TransactionId), string>>> DecideAsync(string url, IReadOnlyList<Sent> transactions)
    {
        using var response = await ClusterClient.SendAsync(
            HttpMethod.Post, url + "/v1/transactions", string.Concat(transactions.Select(static sent => sent.Line + "\n")), "application/x-ndjson");
        using var answers = new StreamReader(await response.Content.ReadAsStreamAsync());
        var decided = new List<KeyValuePair<(string, string), string>>(transactions.Count);
        foreach (var sent in transactions)
        {
            decided.Add(new((sent.AccountId, sent.TransactionId), await answers.ReadLineAsync() ?? throw new EndOfStreamException("The single node's answers ended too early.")));
        }

        return decided;
    }
}

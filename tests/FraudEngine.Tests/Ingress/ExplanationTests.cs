using System.Buffers;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Ingress;

/// <summary>Why a transaction was decided as it was, over HTTP.</summary>
public sealed class ExplanationTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Long = "a-merchant-with-a-name-that-is-long";

    private readonly RunningEngine _engine = new() { RuleFile = Yaml(1) };

    public Task InitializeAsync() => _engine.InitializeAsync();

    public Task DisposeAsync() => _engine.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    [Fact]
    public async Task An_explanation_shows_rules_parts_and_windows()
    {
        await DecideAsync("t1", 0, 10, Long);
        await DecideAsync("t2", 60, 500, "m2");
        var explanation = await ExplainAsync("t2");
        Assert.Equal(
            ("t2", "a", 2, "why@1", 0, true),
            (Text(explanation, "transactionId"), Text(explanation, "accountId"), explanation.GetProperty("sequence").GetInt32(), Text(explanation, "ruleSet"),
                explanation.GetProperty("listsVersion").GetInt32(), explanation.GetProperty("verified").GetBoolean()));
        Assert.Empty(explanation.GetProperty("differences").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, explanation.GetProperty("model").ValueKind);
        Assert.Equal("review", Text(explanation.GetProperty("decision"), "outcome"));
        Assert.Equal("""{"review":0.5,"decline":0.8}""", explanation.GetProperty("thresholds").GetRawText());
        Assert.Equal("""500""", explanation.GetProperty("transaction").GetProperty("amount").GetRawText());
        Assert.Equal(
            """
            large hit 0.6 null [velocity]
            abroad noHit 0 null []
            failing error 0 "decline" []
            """,
            string.Join('\n', explanation.GetProperty("rules").EnumerateArray().Select(rule =>
                $"{Text(rule, "id")} {Text(rule, "result")} {rule.GetProperty("contribution")} {rule.GetProperty("action").GetRawText()} [{string.Join(',', rule.GetProperty("tags").EnumerateArray())}]")));
        Assert.Equal(
            """
            amount > 1.5 * avg(account.amount, 1d) && last(account.merchantId) == "a-merchant-with-a-name-that-is-long" = true
              amount > 1.5 * avg(account.amount, 1d) = true
                amount = 500
                1.5 * avg(account.amount, 1d) = 382.5
                  1.5 = 1.5
                  avg(account.amount, 1d) = 255
              last(account.merchantId) == "a-merchant-with-a-name-that-is-long" = true
                last(account.merchantId) = a-merchant-with-a-name-that-is-long
                "a-merchant-with-a-name-that-is-long" = a-merchant-with-a-name-that-is-long
            """.ReplaceLineEndings("\n"),
            Tree(explanation.GetProperty("rules")[0].GetProperty("condition"), ""));
        Assert.Equal("missing: the transaction has no country", StatusOf(explanation.GetProperty("rules")[1]));
        Assert.Equal("error: division by zero", StatusOf(explanation.GetProperty("rules")[2]));
        Assert.Equal(
            """
            avg(account.amount, 1d) 255 True
            last(account.merchantId, 30d) a-merchant-with-a-name-that-is-long True
            count(account, 7d) 2 False
            """.ReplaceLineEndings("\n"),
            string.Join('\n', explanation.GetProperty("windows").EnumerateArray().Select(window =>
                $"{Text(window, "expression")} {window.GetProperty("value")} {window.GetProperty("used").GetBoolean()}")));
    }

    [Fact]
    public async Task An_old_decision_is_explained_by_the_rules_that_made_it()
    {
        await DecideAsync("t1", 0, 10);
        await DecideAsync("t2", 60, 500);
        using (var put = await _engine.Client.PutAsync("/v1/rules", new StringContent(Yaml(2).Replace("1.5 * avg", "150 * avg", StringComparison.Ordinal))))
        {
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        }

        await DecideAsync("t3", 120, 500);
        await AssertVerifiedAsync();
        await _engine.RestartAsync();
        await AssertVerifiedAsync();

        async Task AssertVerifiedAsync()
        {
            Assert.Equal(["why@1", "why@1", "why@2"], await EachAsync(3, explanation => Text(explanation, "ruleSet")));
            Assert.Equal([true, true, true], await EachAsync(3, explanation => explanation.GetProperty("verified").GetBoolean()));
            Assert.Contains("150 * avg", Text((await ExplainAsync("t3")).GetProperty("rules")[0], "when"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_transaction_that_came_late_is_explained_as_of_its_time()
    {
        await DecideAsync("t1", 0, 10);
        await DecideAsync("t2", 7200, 20);
        await DecideAsync("t3", 3600, 30);
        await DecideAsync("t4", 10800, 40);
        Assert.Equal(["10", "15", "20", "25"], await EachAsync(4, explanation => explanation.GetProperty("windows")[0].GetProperty("value").ToString()));
        Assert.Equal([true, true, true, true], await EachAsync(4, explanation => explanation.GetProperty("verified").GetBoolean()));
    }

    [Fact]
    public async Task A_resend_makes_no_difference()
    {
        await DecideAsync("t1", 0, 10);
        await DecideAsync("t1", 0, 10);
        Assert.True((await ExplainAsync("t1")).GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task An_altered_decision_is_found()
    {
        await DecideAsync("t1", 0, 10);
        await DecideAsync("t2", 60, 500);
        await AlterAsync("t2", decided =>
        {
            decided.Decision.Outcome = Outcome.Approve;
            decided.Decision.Score = default;
        });
        var explanation = await ExplainAsync("t2");
        Assert.False(explanation.GetProperty("verified").GetBoolean());
        Assert.Equal(
            ["The outcome is stored as approve, but made again it is review.", "The score is stored as 0, but made again it is 0.6."],
            explanation.GetProperty("differences").EnumerateArray().Select(difference => difference.GetString()));
        Assert.True((await ExplainAsync("t1")).GetProperty("verified").GetBoolean());
    }

    [Fact]
    public async Task An_altered_earlier_transaction_is_found()
    {
        await DecideAsync("t1", 0, 10);
        await DecideAsync("t2", 60, 500);
        await AlterAsync("t1", decided => decided.Transaction.Amount = new Money(5_000_0000));
        var explanation = await ExplainAsync("t2");
        Assert.False(explanation.GetProperty("verified").GetBoolean());
        Assert.Contains(
            "avg(account.amount, 1d) is stored as 255.0000, but made again it is 2750.0000.",
            explanation.GetProperty("differences").EnumerateArray().Select(difference => difference.GetString()));
    }

    [Fact]
    public async Task Damaged_entries_are_told()
    {
        await DecideAsync("t1", 0, 10);
        await DecideAsync("t2", 60, 500);
        await WriteAsync(1, [2, 0, 0]);
        var explanation = await ExplainAsync("t2");
        Assert.False(explanation.GetProperty("verified").GetBoolean());
        Assert.Contains("can't be made again", Assert.Single(explanation.GetProperty("differences").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, explanation.GetProperty("thresholds").ValueKind);
        Assert.Equal("review", Text(explanation.GetProperty("decision"), "outcome"));
        (await _engine.GetAsync("/v1/accounts/a/transactions/t1/explanation")).Problem(500, "damaged-entry");
    }

    [Fact]
    public async Task Rules_that_need_more_than_is_kept_now_are_told()
    {
        await DecideAsync("t1", 0, 10);
        await _engine.StopAsync();
        _engine.RuleFile = "name: short\nversion: 1\nthresholds: { review: 0.5, decline: 0.8 }\nrules: []\n";
        _engine.Options = ["--Engine:Horizon=12:00:00"];
        await _engine.InitializeAsync();
        var explanation = await ExplainAsync("t1");
        Assert.False(explanation.GetProperty("verified").GetBoolean());
        Assert.Contains("the horizon may have been shortened", Assert.Single(explanation.GetProperty("differences").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ids_with_any_character_are_found_and_others_are_unknown()
    {
        const string account = "a/b?%2F é";
        const string id = "t%2F/1#";
        await _engine.PostAsync(JsonSerializer.Serialize(new { transactionId = id, accountId = account, timestamp = Tx.Time, amount = 1 }));
        var reply = await _engine.GetAsync($"/v1/accounts/{Uri.EscapeDataString(account)}/transactions/{Uri.EscapeDataString(id)}/explanation");
        Assert.Equal((account, id), (Text(reply.Json, "accountId"), Text(reply.Json, "transactionId")));
        (await _engine.GetAsync("/v1/accounts/a/transactions/t1/explanation")).Problem(404, "unknown-transaction");
        (await _engine.GetAsync($"/v1/accounts/{new string('x', 5000)}/transactions/t/explanation")).Problem(404, "unknown-transaction");
    }

    private static string Yaml(int version) => $"""
        name: why
        version: {version}
        thresholds: {Braced("review: 0.5, decline: 0.8")}
        rules:
          - id: large
            when: amount > 1.5 * avg(account.amount, 1d) && last(account.merchantId) == "{Long}"
            score: 0.6
            tags: [velocity]
            text: Large
          - id: abroad
            when: country != "BE"
            score: 0.3
            text: Abroad
          - id: failing
            when: amount / (amount - 500) > 1000 || amount < 0 && count(account, 7d) > 5
            action: decline
            text: Failing
        """;

    private static string Braced(string text) => "{ " + text + " }";

    private async Task DecideAsync(string id, int seconds, int amount, string merchant = Long)
    {
        var time = DateTime.Parse(Tx.Time, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal).AddDays(-1).AddSeconds(seconds);
        var reply = await _engine.PostAsync(Tx.Json("a", id, ("timestamp", $"\"{time:yyyy-MM-ddTHH:mm:ss}Z\""), ("amount", $"{amount}"), ("merchantId", $"\"{merchant}\"")));
        Assert.Equal(200, (int)reply.Status);
    }

    private async Task<JsonElement> ExplainAsync(string id)
    {
        var reply = await _engine.GetAsync($"/v1/accounts/a/transactions/{id}/explanation");
        Assert.True((int)reply.Status == 200, reply.Body);
        return reply.Json;
    }

    private async Task<List<T>> EachAsync<T>(int count, Func<JsonElement, T> read)
    {
        var all = new List<T>();
        for (var i = 1; i <= count; i++)
        {
            all.Add(read(await ExplainAsync($"t{i}")));
        }

        return all;
    }

    /// <summary>Changes a stored entry behind the engine's back.</summary>
    private async Task AlterAsync(string id, Action<TransactionDecided> alter)
    {
        var sequence = id[1] - '0';
        var decided = new TransactionDecided();
        await _engine.StopAsync();
        using (var connection = new SqliteConnection(Path.Combine(_engine.DataDirectory, "journal.db")))
        using (var read = connection.Prepare("SELECT entry FROM journal WHERE sequence = ?"))
        {
            Assert.True(read.Bind(1, sequence).Step());
            EntryCodec.Read(read.Blob(0), "a"u8, sequence, decided);
        }

        alter(decided);
        var entry = new ArrayBufferWriter<byte>();
        EntryCodec.Write(entry, decided);
        await WriteAsync(sequence, entry.WrittenSpan.ToArray());
    }

    private async Task WriteAsync(long sequence, byte[] entry)
    {
        await _engine.StopAsync();
        using (var connection = new SqliteConnection(Path.Combine(_engine.DataDirectory, "journal.db")))
        using (var write = connection.Prepare("UPDATE journal SET entry = ? WHERE sequence = ?"))
        {
            write.Bind(1, entry.AsSpan()).Bind(2, sequence).Run();
        }

        await _engine.InitializeAsync();
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static string StatusOf(JsonElement rule) => $"{Text(rule.GetProperty("condition"), "status")}: {Text(rule.GetProperty("condition"), "reason")}";

    private static string Tree(JsonElement part, string indent)
    {
        var tree = new StringBuilder($"{indent}{Text(part, "text")} = {part.GetProperty("value")}");
        if (part.TryGetProperty("parts", out var parts))
        {
            foreach (var inner in parts.EnumerateArray())
            {
                tree.Append('\n').Append(Tree(inner, indent + "  "));
            }
        }

        return tree.ToString();
    }
}

using System.Net;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Ingress;

/// <summary>What becomes of a transaction that is sent again, comes late, or comes from the future.</summary>
public sealed class IdentityTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly (string Name, string First, string Other)[] Contents =
    [
        ("timestamp", "\"2026-06-01T10:00:00Z\"", "\"2026-06-01T10:00:00.0000001Z\""), ("amount", "1", "1.0001"), ("currency", "\"EUR\"", "\"USD\""),
        ("merchantId", "\"m\"", "\"n\""), ("terminalId", "\"m\"", "\"n\""), ("deviceId", "\"m\"", "\"M\""), ("counterpartyId", "\"m\"", "\"m \""),
        ("merchantCategory", "\"5411\"", "\"5412\""), ("country", "\"BE\"", "\"FR\""), ("channel", "\"pos\"", "\"atm\""),
        ("ipAddress", "\"1.2.3.4\"", "\"1.2.3.5\""), ("latitude", "50.85", "50.8500001"), ("longitude", "4.35", "-4.35"),
    ];

    [Fact]
    public async Task An_id_reused_with_any_field_different_is_refused()
    {
        var account = Tx.NewAccount();
        (string, string?)[] first = [.. Contents.Select(field => (field.Name, (string?)field.First))];
        var decision = (await engine.PostAsync(Tx.Json(account, "t", first))).Body;
        foreach (var (name, _, other) in Contents)
        {
            (await engine.PostAsync(Tx.Json(account, "t", [.. first, (name, other)]))).Problem(409, "id-reused");
            if (name is not ("timestamp" or "amount" or "currency"))
            {
                (await engine.PostAsync(Tx.Json(account, "t", [.. first, (name, null)]))).Problem(409, "id-reused");
            }
        }

        Assert.Equal(decision, (await engine.PostAsync(Tx.Json(account, "t", first))).Body);
        Assert.Equal(1, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("transactions").GetInt32());
    }

    [Theory]
    [InlineData("amount", "12.50")]
    [InlineData("amount", "125e-1")]
    [InlineData("timestamp", "\"2026-06-01T12:00:00.000+02:00\"")]
    [InlineData("currency", "\"EUR\"")]
    [InlineData("transactionId", "\"\\u0074\"")]
    [InlineData("note", "\"new\"")]
    [InlineData("merchantId", "null")]
    public async Task The_same_content_written_in_another_way_is_a_resend(string name, string value)
    {
        var account = Tx.NewAccount();
        await engine.PostAsync(Tx.Json(account, "t"));
        Assert.Equal(Tx.Approved(account, "t"), (await engine.PostAsync(Tx.Json(account, "t", (name, value)))).Body);
    }

    [Fact]
    public async Task The_same_transaction_id_of_another_account_is_another_transaction()
    {
        var (one, other) = (Tx.NewAccount(), Tx.NewAccount());
        Assert.Equal(Tx.Approved(one, "t"), (await engine.PostAsync(Tx.Json(one, "t"))).Body);
        Assert.Equal(Tx.Approved(other, "t"), (await engine.PostAsync(Tx.Json(other, "t", ("amount", "7")))).Body);
    }

    [Fact]
    public async Task Many_copies_at_once_get_one_answer()
    {
        var json = Tx.With("amount", "6000");
        var replies = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => engine.PostAsync(json)));
        Assert.Single(replies.Select(reply => (reply.Status, reply.Body)).Distinct());
    }

    [Fact]
    public async Task Of_two_contents_at_once_one_is_decided_and_the_other_refused()
    {
        var account = Tx.NewAccount();
        var replies = await Task.WhenAll(Enumerable.Range(1, 16).Select(amount => engine.PostAsync(Tx.Json(account, "t", ("amount", $"{amount}")))));
        Assert.Equal(1, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.Equal(15, replies.Count(reply => reply.Status == HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("2026-05-31T10:00:00Z", 200)]
    [InlineData("2026-05-31T09:59:59.9999999Z", 422)]
    [InlineData("2026-06-01T09:00:00Z", 200)]
    [InlineData("2026-04-01T00:00:00Z", 422)]
    public async Task A_late_transaction_is_taken_within_a_day_and_then_refused(string timestamp, int status)
    {
        var account = Tx.NewAccount();
        await engine.PostAsync(Tx.Json(account, "newest"));
        var reply = await engine.PostAsync(Tx.Json(account, "late", ("timestamp", $"\"{timestamp}\"")));
        if (status == 200)
        {
            Assert.Equal(Tx.Approved(account, "late"), reply.Body);
        }
        else
        {
            reply.Problem(422, "too-late");
        }
    }

    [Theory]
    [InlineData(-1, 200)]
    [InlineData(0, 200)]
    [InlineData(1, 422)]
    public async Task A_transaction_may_be_five_minutes_ahead_of_the_clock(int ticks, int status)
    {
        var timestamp = engine.Clock.Now.AddMinutes(5).AddTicks(ticks).ToString("O");
        var account = Tx.NewAccount();
        var reply = await engine.PostAsync(Tx.Json(account, "t", ("timestamp", $"\"{timestamp}\"")));
        if (status == 200)
        {
            Assert.Equal(Tx.Approved(account, "t"), reply.Body);
        }
        else
        {
            reply.Problem(422, "too-far-ahead");
            Assert.Equal(HttpStatusCode.NotFound, (await engine.GetAsync($"/v1/accounts/{account}")).Status);
        }
    }

    [Fact]
    public async Task A_transaction_older_than_the_horizon_is_still_known()
    {
        var account = Tx.NewAccount();
        var old = Tx.Json(account, "old", ("timestamp", "\"2025-01-01T00:00:00Z\""), ("amount", "6000"));
        var decision = await engine.PostAsync(old);
        for (var i = 0; i < 100; i++)
        {
            await engine.PostAsync(Tx.Json(account, $"n{i}"));
        }

        Assert.Equal(decision, await engine.PostAsync(old));
        (await engine.PostAsync(Tx.Json(account, "old"))).Problem(409, "id-reused");
        (await engine.PostAsync(Tx.Json(account, "new", ("timestamp", "\"2025-01-01T00:00:00Z\"")))).Problem(422, "too-late");
    }

    [Fact]
    public async Task A_resent_transaction_gets_its_first_decision_also_after_a_restart()
    {
        await using var own = await RunningEngine.StartAsync();
        var lines = Enumerable.Range(0, 40).Select(i => Tx.Json($"a{i % 3}", $"t{i}", ("amount", $"{i * 150}"))).ToArray();
        var first = await own.StreamAsync(string.Join('\n', lines));
        Assert.Equal(first, await own.StreamAsync(string.Join('\n', lines)));
        await own.RestartAsync();
        Assert.Equal(first, await own.StreamAsync(string.Join('\n', lines)));
        Assert.Equal(first[39], (await own.PostAsync(lines[39])).Body);
        (await own.PostAsync(Tx.Json("a0", "t39", ("amount", "1")))).Problem(409, "id-reused");

        await own.StopAsync();
        await using var journal = new SqliteJournal(own.DataDirectory);
        Assert.Equal(40, (await journal.MeasureAsync()).Transactions);
    }
}

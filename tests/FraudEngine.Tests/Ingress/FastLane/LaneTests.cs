using System.Buffers;
using System.Text;
using FraudEngine.Ingress;
using FraudEngine.Ingress.FastLane;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>How connections fare in the lane, and when they leave it.</summary>
public sealed class LaneTests
{
    [Fact]
    public async Task Plain_requests_do_not_come_to_the_web_server_and_from_the_first_other_one_on_all_do()
    {
        var (engine, seen) = await LaneEngine.StartAsync();
        await using var running = engine;
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await connection.SendAsync(RequestText.Plain(Tx.Json(account, $"{i}")));
            await connection.ReceiveUntilAsync(Tx.Approved(account, $"{i}"));
        }

        Assert.Equal(0, seen.Count);
        await connection.SendAsync(RequestText.Plain(Tx.Json(account, "3"), "X-Other: 1\r\n"));
        await connection.ReceiveUntilAsync(Tx.Approved(account, "3"));
        await connection.SendAsync(RequestText.Plain(Tx.Json(account, "4")));
        await connection.ReceiveUntilAsync(Tx.Approved(account, "4"));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public async Task A_thousand_requests_at_once_are_answered_in_their_order()
    {
        var (engine, _) = await LaneEngine.StartAsync();
        await using var running = engine;
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        var sending = connection.SendAsync(string.Concat(Enumerable.Range(0, 1000).Select(i => RequestText.Plain(Tx.Json(account, $"{i}")))));
        var received = await connection.ReceiveUntilAsync(Tx.Approved(account, "999"));
        await sending;
        var at = -1;
        for (var i = 0; i < 1000; i++)
        {
            var next = received.IndexOf(Tx.Approved(account, $"{i}"), at + 1, StringComparison.Ordinal);
            Assert.True(next > at, $"Answer {i} is missing or out of order.");
            at = next;
        }

        Assert.Equal(1000, RequestText.CountAnswers(received));
    }

    [Fact]
    public async Task A_request_may_come_byte_by_byte()
    {
        var (engine, _) = await LaneEngine.StartAsync();
        await using var running = engine;
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        foreach (var letter in RequestText.Plain(Tx.Json(account, "t")))
        {
            await connection.SendAsync($"{letter}");
        }

        await connection.ReceiveUntilAsync(Tx.Approved(account, "t"));
    }

    [Fact]
    public async Task An_idle_client_is_let_go_after_the_server_s_limit()
    {
        var (engine, _) = await LaneEngine.StartAsync(static limits => limits.KeepAliveTimeout = TimeSpan.FromSeconds(1));
        await using var running = engine;
        var account = Tx.NewAccount();
        using var silent = await engine.ConnectAsync();
        using var served = await engine.ConnectAsync();
        await served.SendAsync(RequestText.Plain(Tx.Json(account, "t")));
        Assert.Equal("", await silent.ReceiveToEndAsync());
        Assert.EndsWith(Tx.Approved(account, "t"), await served.ReceiveToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_does_not_end_is_answered_after_the_server_s_limit()
    {
        var (engine, _) = await LaneEngine.StartAsync(static limits => limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));
        await using var running = engine;
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync("POST /v1/transactions HTTP/1.1\r\nHost: x\r\n");
        Assert.StartsWith("HTTP/1.1 408 ", await connection.ReceiveToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_let_go_after_the_server_s_limit()
    {
        var (engine, _) = await LaneEngine.StartAsync(static limits => limits.MinResponseDataRate = new MinDataRate(100_000, TimeSpan.FromSeconds(2)));
        await using var running = engine;
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        var request = RequestText.Plain(Tx.Json(account, "t"));

        // Until the engine neither reads nor can write; then the connection is reset, which ends the sending.
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(async () =>
        {
            while (true)
            {
                await connection.SendAsync(string.Concat(Enumerable.Repeat(request, 500)));
            }
        });
    }

    [Fact]
    public async Task A_transaction_whose_client_has_gone_is_decided()
    {
        var (engine, _) = await LaneEngine.StartAsync();
        await using var running = engine;
        var account = Tx.NewAccount();
        using (var connection = await engine.ConnectAsync())
        {
            await connection.SendAsync(string.Concat(Enumerable.Range(0, 20).Select(i => RequestText.Plain(Tx.Json(account, $"{i}")))));
            await connection.ReceiveUntilAsync(Tx.Approved(account, "0"));
            connection.Reset();
        }

        using var next = await engine.ConnectAsync();
        await next.SendAsync(RequestText.Plain(Tx.Json(account, "0")));
        await next.ReceiveUntilAsync(Tx.Approved(account, "0"));
        await Eventually.ThatAsync(() => engine.Host.Engine.Admission.InFlight == 0, "all had left the admission");
    }

    [Fact]
    public async Task Idle_clients_do_not_hold_up_a_stop_and_what_was_answered_before_it_is_stored()
    {
        var (engine, _) = await LaneEngine.StartAsync();
        await using var running = engine;
        using var idle = await engine.ConnectAsync();
        string[] accounts = [.. Enumerable.Range(0, 8).Select(_ => Tx.NewAccount())];
        var clients = accounts.Select(account => Task.Run(() => SendUntilEndAsync(engine, account))).ToArray();
        await Eventually.ThatAsync(() => engine.Host.Engine.Count().DecidedInAll > 100, "transactions were decided");
        await engine.StopAsync();
        Assert.Equal("", await idle.ReceiveToEndAsync());
        var answered = await Task.WhenAll(clients);
        await engine.InitializeAsync();
        for (var i = 0; i < accounts.Length; i++)
        {
            var account = (await engine.GetAsync($"/v1/accounts/{accounts[i]}/transactions?limit=1")).Json;
            var stored = account.GetProperty("transactions")[0].GetProperty("sequence").GetInt64();
            Assert.InRange(stored, answered[i], answered[i] + 1);
        }
    }

    [Fact]
    public async Task Where_hosts_are_filtered_every_request_is()
    {
        await using var engine = await RunningEngine.StartAsync("--AllowedHosts=example.com");
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync(RequestText.Plain(Tx.Json(Tx.NewAccount(), "t")));
        await connection.ReceiveUntilAsync("400 Bad Request");
    }

    [Fact]
    public async Task Without_room_the_web_server_waits_for_it()
    {
        var (engine, seen) = await LaneEngine.StartAsync(options: ["--Engine:InFlightMax=1", "--Ingress:AdmissionWaitMax=00:00:00.050"]);
        await using var running = engine;
        Assert.True(engine.Host.Engine.Admission.TryEnter());
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync(RequestText.Plain(Tx.Json(Tx.NewAccount(), "t")));
        var received = await connection.ReceiveUntilAsync("that is safe.\"}");
        Assert.Equal(1, seen.Count);
        Assert.Equal(TextOf(answer => PlainAnswer.Problem(answer, Problem.Overloaded, DateTimeOffset.UnixEpoch, closes: false)), RequestText.WithoutDates(received));
        engine.Host.Engine.Admission.Leave(1);
    }

    [Fact]
    public async Task The_last_answer_on_a_connection_says_so_as_the_web_server_does()
    {
        var (engine, _) = await LaneEngine.StartAsync();
        await using var running = engine;
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync(RequestText.Plain(Tx.Json(account, "t"), "Connection: close\r\n"));
        var body = Encoding.UTF8.GetBytes(Tx.Approved(account, "t"));
        Assert.Equal(
            TextOf(answer => PlainAnswer.Decision(answer, body, DateTimeOffset.UnixEpoch, closes: true)), RequestText.WithoutDates(await connection.ReceiveToEndAsync()));
    }

    private static string TextOf(Action<ArrayBufferWriter<byte>> write)
    {
        var answer = new ArrayBufferWriter<byte>();
        write(answer);
        return RequestText.WithoutDates(Encoding.UTF8.GetString(answer.WrittenSpan));
    }

    /// <summary>One request after the other until the connection ends; gives how many were answered, none in part.</summary>
    private static async Task<int> SendUntilEndAsync(RunningEngine engine, string account)
    {
        using var connection = await engine.ConnectAsync();
        var answered = 0;
        var received = "";
        try
        {
            while (!received.Contains("Connection: close", StringComparison.Ordinal))
            {
                await connection.SendAsync(RequestText.Plain(Tx.Json(account, $"{answered}")));
                received = await connection.ReceiveUntilAsync(Tx.Approved(account, $"{answered}"));
                answered++;
            }
        }
        catch (Exception ended) when (ended is System.Net.Sockets.SocketException or Xunit.Sdk.XunitException)
        {
            received = await connection.ReceiveToEndAsync();
        }

        Assert.Equal(answered, RequestText.CountAnswers(received));
        Assert.EndsWith("}", received, StringComparison.Ordinal);
        return answered;
    }
}

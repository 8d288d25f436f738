using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>Streams in the lane: what they are answered, as the web server does, and how they end.</summary>
public sealed class LaneStreamTests
{
    private const string Head = "POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";

    [Fact]
    public async Task Whatever_lines_in_whatever_chunks_and_pieces_have_the_web_server_s_answer()
    {
        var (engine, seen) = await LaneEngine.StartAsync();
        await using var lane = engine;
        await using var server = await RunningEngine.StartAsync(LaneEngine.Without);
        var random = new Random(Soak.IsOn ? Random.Shared.Next() : 5);
        var closing = 0;
        for (var round = 0; round < Soak.Times(60, 2000); round++)
        {
            var lines = LinesOf(random, Tx.NewAccount());
            var chunks = ChunksOf(random, lines);
            var ending = Endings[round % Endings.Length];
            closing += ending.Contains("close", StringComparison.Ordinal) ? 1 : 0;
            var seed = random.Next();
            var answers = await Task.WhenAll(AnswerAsync(lane, lines, chunks, ending, seed), AnswerAsync(server, lines, chunks, ending, seed));
            Assert.Equal(answers[1], answers[0]);
        }

        Assert.Equal(closing, seen.Count);
    }

    [Fact]
    public async Task After_a_stream_the_connection_serves_the_next_request()
    {
        var (engine, seen) = await LaneEngine.StartAsync();
        await using var running = engine;
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            var line = Tx.Json(account, $"s{i}") + "\n";
            await connection.SendAsync($"{Head}{line.Length:x}\r\n{line}\r\n0\r\n\r\n{RequestText.Plain(Tx.Json(account, $"t{i}"))}");
            await connection.ReceiveUntilAsync(Tx.Approved(account, $"t{i}"));
            await connection.ReceiveUntilAsync(Tx.Approved(account, $"s{i}") + "\n\r\n0\r\n\r\nHTTP/1.1 200 OK");
        }

        Assert.Equal(0, seen.Count);
    }

    [Fact]
    public async Task A_stream_more_than_may_be_is_the_web_server_s_to_refuse_until_a_client_has_gone()
    {
        await using var engine = await RunningEngine.StartAsync("--Ingress:StreamsMax=1");
        using (var first = await engine.ConnectAsync())
        {
            await first.SendAsync(Head);
            await first.ReceiveUntilAsync("HTTP/1.1 200 OK");
            using var second = await engine.ConnectAsync();
            await second.SendAsync($"{Head}0\r\n\r\n");
            await second.ReceiveUntilAsync("HTTP/1.1 503 Service Unavailable");
            first.Reset();
        }

        await Eventually.ThatAsync(
            async () => (await engine.PostAsync("{}"u8.ToArray(), "application/x-ndjson")).Status == HttpStatusCode.OK, "the place was free", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_let_go_after_the_server_s_limit()
    {
        var (engine, _) = await LaneEngine.StartAsync(
            static limits => limits.MinResponseDataRate = new MinDataRate(100_000, TimeSpan.FromSeconds(2)), ["--Ingress:StreamAnswerBytesMax=100000"]);
        await using var running = engine;
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync(Head);
        var line = Tx.Json(Tx.NewAccount(), "t") + "\n";
        var chunk = string.Concat(Enumerable.Repeat($"{line.Length:x}\r\n{line}\r\n", 500));
        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(async () =>
        {
            while (true)
            {
                await connection.SendAsync(chunk);
            }
        });
        await Eventually.ThatAsync(() => engine.Host.Engine.Admission.InFlight == 0, "all had left the admission");
    }

    /// <summary>After the last line's answer has come: what is sent then is not answered together with the lines or without them, as it happens.</summary>
    private static readonly string[] Endings =
    [
        "0\r\n\r\n" + RequestText.Plain("{}", "Connection: close\r\n"),
        "000;a=b\r\nTrailer: c\r\n\r\n" + RequestText.Plain("{}", "Connection: close\r\n"),
        "nonsense\r\n",
        "5\r\n12345678",
        "1\n\n\r\n0\r\n\r\n",
        "0\r\n\r\nnonsense\r\n\r\n",
    ];

    private static string[] LinesOf(Random random, string account) =>
    [
        .. Enumerable.Range(0, random.Next(1, 30)).Select(i => random.Next(12) switch
        {
            0 => Tx.Json(account, "t0", ("amount", "1")),
            1 => "{",
            2 => Tx.OfLength(16_384),
            3 => Tx.OfLength(17_000 + random.Next(60_000)),
            4 => Tx.Json(account, "late", ("timestamp", "\"2026-01-01T10:00:00Z\"")),
            5 => Tx.Json(account, $"t{i}") + "\r",
            _ => Tx.Json(account, $"t{i}", ("amount", $"{i * 700}")),
        }),
    ];

    private static string ChunksOf(Random random, string[] lines)
    {
        var text = string.Join('\n', lines) + "\n";
        var chunks = new StringBuilder();
        while (text.Length > 0)
        {
            var length = Math.Min(text.Length, random.Next(4) == 0 ? random.Next(1, 50_000) : random.Next(1, 2000));
            chunks.Append(length.ToString(random.Next(2) == 0 ? "x" : "X6", CultureInfo.InvariantCulture)).Append(random.Next(9) == 0 ? ";a" : "").Append("\r\n");
            chunks.Append(text.AsSpan(0, length)).Append("\r\n");
            text = text[length..];
        }

        return chunks.ToString();
    }

    private static async Task<string> AnswerAsync(RunningEngine engine, string[] lines, string chunks, string ending, int seed)
    {
        var random = new Random(seed);
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync(Head);
        for (var at = 0; at < chunks.Length;)
        {
            var length = Math.Min(chunks.Length - at, random.Next(1, 30_000));
            await connection.SendAsync(chunks.Substring(at, length));
            at += length;
        }

        await connection.ReceiveUntilAsync(received => received.Contains("\r\n\r\n", StringComparison.Ordinal) && NdjsonBody.LinesOf(received).Length == lines.Length, "all lines' answers");
        await connection.SendAsync(ending);
        return WithoutChunks(RequestText.WithoutDates(await connection.ReceiveToEndAsync()));
    }

    /// <summary>The stream's answer, of which the chunks are as it happens, and what comes behind it.</summary>
    private static string WithoutChunks(string received)
    {
        var behind = received.IndexOf("\r\n0\r\n\r\n", StringComparison.Ordinal);
        return received[..received.IndexOf("\r\n\r\n", StringComparison.Ordinal)] + NdjsonBody.TextOf(received[..(behind + 7)]) + received[behind..];
    }
}

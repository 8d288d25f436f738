using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Ingress.FastLane;

/// <summary>The lane answers as the web server does, whatever is sent in whatever pieces: one engine has the lane, another has not.</summary>
public sealed class SameAnswerTests
{
    [Fact]
    public async Task Whatever_is_sent_in_whatever_pieces()
    {
        await using var lane = await RunningEngine.StartAsync();
        await using var server = await RunningEngine.StartAsync(LaneEngine.Without);
        var requests = Gen.Choose(0, Kinds - 1).ListOf().Resize(12);
        var cuts = Gen.Choose(1, 900).ListOf().Resize(12);
        await Task.Run(() => Prop.ForAll(
            requests.ToArbitrary(), cuts.ToArbitrary(), Gen.Choose(0, Endings.Length - 1).ToArbitrary(), (kinds, pieces, ending) =>
            {
                var account = Tx.NewAccount();
                var text = string.Concat(kinds.Select((kind, i) => RequestOf(kind, account, i))) + Endings[ending];
                var answers = Task.WhenAll(SendAsync(lane, text, pieces), SendAsync(server, text, pieces)).GetAwaiter().GetResult();
                Assert.Equal(answers[1], answers[0]);
                Assert.StartsWith("HTTP/1.1 ", answers[0], StringComparison.Ordinal);
            }).Check(Property.Runs(Soak.IsOn ? 2000 : 150)));
    }

    [Fact]
    public async Task Each_refusal_of_the_engine_in_the_lane()
    {
        var (engine, seen) = await LaneEngine.StartAsync();
        await using var lane = engine;
        await using var server = await RunningEngine.StartAsync(LaneEngine.Without);
        var account = Tx.NewAccount();
        string[] bodies =
        [
            Tx.Json(account, "a"), Tx.Json(account, "a"), Tx.Json(account, "a", ("amount", "1")), Tx.Json(account, "b", ("timestamp", "\"2026-05-01T10:00:00Z\"")),
            Tx.Json(account, "c", ("amount", "5000"), ("merchantId", "\"é\\\"\"")),
        ];
        var text = string.Concat(bodies.Select(body => RequestText.Plain(body)));
        var last = RequestText.Plain("{}", "Connection: close\r\n");
        var answers = await Task.WhenAll(SendAsync(lane, text + last, []), SendAsync(server, text + last, []));
        Assert.Equal(answers[1], answers[0]);
        foreach (var status in (string[])["200 OK", "409 Conflict", "422 Unprocessable Entity"])
        {
            Assert.Contains(status, answers[0], StringComparison.Ordinal);
        }

        // The last one alone: it closes the connection.
        Assert.Equal(1, seen.Count);
    }

    private static readonly string[] Endings =
    [
        RequestText.Plain("{}", "Connection: close\r\n"),
        RequestText.Of("GET /v1/nothing HTTP/1.1", "", "Connection: close\r\n"),
        "nonsense\r\n\r\n",
        "POST /v1/transactions HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        "POST /v1/transactions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "POST /v1/transactions HTTP/1.1\r\n\r\n",
        "POST /v1/transactions HTTP/1.1\r\nHost: x\r\nAccept : a\r\n\r\n",
    ];

    private const int Kinds = 20;

    private static string RequestOf(int kind, string account, int at) => kind switch
    {
        < 7 => RequestText.Plain(Tx.Json(account, $"t{at}", ("amount", $"{at * 700}")), kind % 2 == 0 ? "User-Agent: a\r\nAccept: */*\r\n" : ""),
        7 => RequestText.Plain(Tx.Json(account, "t0", ("amount", "0"))),
        8 => RequestText.Plain(Tx.Json(account, "t0", ("amount", "1"))),
        9 => RequestText.Plain(Tx.Json(account, "late", ("timestamp", "\"2026-01-01T10:00:00Z\""))),
        10 => RequestText.Plain(Tx.Json(account, "ahead", ("timestamp", "\"2046-01-01T10:00:00Z\""))),
        11 => RequestText.Plain("{\"transactionId\":"),
        12 => RequestText.Plain(""),
        13 => RequestText.Plain(Tx.OfLength(5000)),
        14 => RequestText.Plain(Tx.OfLength(17_000)),
        15 => RequestText.Plain(Tx.Json(account, $"t{at}"), "X-Other: 1\r\n"),
        16 => RequestText.Chunked(Tx.Json(account, $"t{at}")),
        17 => RequestText.Of("GET /v1/transactions HTTP/1.1", ""),
        18 => RequestText.Of("POST /v1/transactions?a=b HTTP/1.1", Tx.Json(account, $"t{at}")),
        _ => RequestText.Plain(Tx.Json(account, $"t{at}"), "Content-Encoding: gzip\r\n"),
    };

    private static async Task<string> SendAsync(RunningEngine engine, string text, IEnumerable<int> pieces)
    {
        using var connection = await engine.ConnectAsync();
        var bytes = System.Text.Encoding.UTF8.GetBytes(text).AsMemory();
        foreach (var piece in pieces)
        {
            var length = Math.Min(piece, bytes.Length);
            await connection.SendAsync(bytes[..length]);
            bytes = bytes[length..];
            await Task.Yield();
        }

        await connection.SendAsync(bytes);
        return RequestText.WithoutDates(await connection.ReceiveToEndAsync());
    }
}

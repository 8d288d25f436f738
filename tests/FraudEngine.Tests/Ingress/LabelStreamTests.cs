using System.Net;
using System.Text;
using System.Text.Json;
using static FraudEngine.Tests.Ingress.LabelClient;

namespace FraudEngine.Tests.Ingress;

/// <summary>What a stream of labels is answered.</summary>
public sealed class LabelStreamTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly LabelClient _labels = new(engine);

    [Fact]
    public async Task Every_line_is_answered_in_order()
    {
        const int lines = 3000;
        string[] accounts = [.. Enumerable.Range(0, 37).Select(_ => Tx.NewAccount())];
        await engine.StreamAsync(string.Concat(Enumerable.Range(0, lines).Select(i => Tx.Json(accounts[i % 37], $"t{i}") + "\n")));

        var answers = await _labels.StreamAsync(string.Concat(Enumerable.Range(0, lines).Select(i => Json(accounts[i % 37], $"t{i}", i % 3 == 0) + "\n")));

        Assert.Equal(Enumerable.Range(0, lines).Select(i => Answer(accounts[i % 37], $"t{i}", i % 3 == 0)), answers);
        Assert.Equal(0, engine.Host.Engine.Admission.InFlight);
    }

    [Fact]
    public async Task Labels_of_one_transaction_count_in_the_order_of_the_lines()
    {
        var account = Tx.NewAccount();
        await engine.PostAsync(Tx.Json(account, "t"));
        var answers = await _labels.StreamAsync(string.Concat(Enumerable.Range(0, 501).Select(i => Json(account, "t", i % 2 == 0) + "\n")) + Json(account, "t"));
        Assert.Equal([.. Enumerable.Range(0, 501).Select(i => Answer(account, "t", i % 2 == 0)), Answer(account, "t", isChanged: false)], answers);
        Assert.Equal("t:true", await _labels.FraudsAsync(account));
    }

    [Fact]
    public async Task A_bad_line_is_answered_in_its_place_and_the_rest_goes_on()
    {
        var account = Tx.NewAccount();
        await engine.PostAsync(Tx.Json(account, "a"));
        var answers = await _labels.StreamAsync(string.Join('\n',
        [
            Json(account, "a"), "", "{", " \t\r", "[]", Json(account, "a") + Json(account, "a"), Json(account, "other"), Json(account, ""), "{\"fraud\":1}",
            "\u0000", new string('{', 10_000_000), LabelTests.Padded(Json(account, "a"), 16384) + "\r", LabelTests.Padded(Json(account, "a"), 16385), Json(account, "a", isFraud: false),
        ]));
        Assert.Equal(
            [
                Answer(account, "a"), "line 3: malformed", "line 5: malformed", "line 6: malformed", "line 7: unknown-transaction", "line 8: invalid",
                "line 9: invalid", "line 10: malformed", "line 11: too-large", Answer(account, "a", isChanged: false), "line 13: too-large",
                Answer(account, "a", isFraud: false),
            ],
            answers.Select(Shown));
        Assert.Equal(
            """{"line":9,"error":{"type":"urn:fraudengine:problem:invalid","title":"Invalid label","status":400,"detail":"fraud must be true or false; transactionId is required; accountId is required.","errors":{"fraud":["must be true or false"],"transactionId":["is required"],"accountId":["is required"]}}}""",
            answers[6]);
    }

    [Fact]
    public async Task An_answer_comes_back_while_the_request_is_still_open()
    {
        var account = Tx.NewAccount();
        await engine.StreamAsync(string.Concat(Enumerable.Range(0, 20).Select(i => Tx.Json(account, $"t{i}") + "\n")));
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync("POST /v1/labels HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
        await connection.ReceiveUntilAsync("\r\n\r\n");
        for (var i = 0; i < 20; i++)
        {
            await connection.SendChunkAsync(Json(account, $"t{i}") + "\n");
            await connection.ReceiveUntilAsync(Answer(account, $"t{i}") + "\n");
        }

        await connection.SendChunkAsync(Json(account, "t1")[..10]);
        await connection.SendAsync("nonsense\r\n");
        Assert.StartsWith(
            """{"line":21,"error":{"type":"urn:fraudengine:problem:malformed","title":"Not a label",""",
            NdjsonBody.LinesOf(await connection.ReceiveToEndAsync())[^1],
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_die_at_any_point_lose_and_leave_nothing()
    {
        var account = Tx.NewAccount();
        await engine.StreamAsync(string.Concat(Enumerable.Range(0, 200).Select(i => Tx.Json(account, $"t{i}") + "\n")));
        var lines = string.Concat(Enumerable.Range(0, 200).Select(i => Json(account, $"t{i}") + "\n"));
        var random = new Random(1);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => DieAsync(lines[..random.Next(lines.Length)])));

        Assert.Equal(
            Enumerable.Range(0, 200).Select(i => Json(account, $"t{i}")[..^1]),
            (await _labels.StreamAsync(lines)).Select(answer => answer[..answer.IndexOf(",\"changed\"", StringComparison.Ordinal)]));
        await Eventually.ThatAsync(() => engine.Host.Engine.Admission.InFlight == 0, "nothing is in flight");
    }

    [Fact]
    public async Task Streams_of_labels_and_of_transactions_share_one_limit()
    {
        await using var own = await RunningEngine.StartAsync("--Ingress:StreamsMax=1");
        using var open = await own.ConnectAsync();
        await open.SendAsync("POST /v1/labels HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
        await open.ReceiveUntilAsync("200 OK");
        (await own.PostAsync("{}"u8.ToArray(), "application/x-ndjson")).Problem(503, "too-many-streams");
        (await new LabelClient(own).PostAsync("{}"u8.ToArray(), "application/x-ndjson")).Problem(503, "too-many-streams");
        Assert.Equal(HttpStatusCode.OK, (await own.PostAsync(Tx.With("amount", "1"))).Status);
        await open.EndChunksAsync();
        await open.ReceiveUntilAsync("0\r\n\r\n");
    }

    private async Task DieAsync(string part)
    {
        using var connection = await engine.ConnectAsync();
        await connection.SendAsync(Encoding.UTF8.GetBytes(
            $"POST /v1/labels HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: 1000000\r\n\r\n{part}"));
        connection.Reset();
    }

    private static string Shown(string answer) =>
        JsonDocument.Parse(answer).RootElement is var json && json.TryGetProperty("line", out var line)
            ? $"line {line.GetInt32()}: {json.GetProperty("error").GetProperty("type").GetString()!.Split(':')[^1]}"
            : answer;
}

using System.Text;
using System.Text.Json;

namespace FraudEngine.Tests.Ingress;

/// <summary>What a stream of lines is answered.</summary>
public sealed class StreamTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private const string Malformed = "urn:fraudengine:problem:malformed";
    private const string TooLarge = "urn:fraudengine:problem:too-large";

    [Fact]
    public async Task Every_line_is_answered_in_order()
    {
        string[] accounts = [.. Enumerable.Range(0, 37).Select(_ => Tx.NewAccount())];
        var answers = await engine.StreamAsync(string.Concat(Enumerable.Range(0, 5000).Select(i => Tx.Json(accounts[i % 37], $"t{i}") + "\n")));
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => Tx.Approved(accounts[i % 37], $"t{i}")), answers);
    }

    [Fact]
    public async Task An_empty_stream_has_an_empty_answer()
    {
        Assert.Empty(await engine.StreamAsync(""));
        Assert.Empty(await engine.StreamAsync("\n\r\n  \n\t\r\n"));
    }

    [Fact]
    public async Task Blank_lines_count_but_are_not_answered_and_the_last_line_needs_no_newline()
    {
        var account = Tx.NewAccount();
        var answers = await engine.StreamAsync($"\r\n{Tx.Json(account, "a")}\r\n\n \t\nbad\n\n{Tx.Json(account, "b")}");
        Assert.Equal([Tx.Approved(account, "a"), $"line 5: {Malformed}", Tx.Approved(account, "b")], answers.Select(Shown));
    }

    [Fact]
    public async Task A_bad_line_is_answered_in_its_place_and_the_rest_goes_on()
    {
        var account = Tx.NewAccount();
        var answers = await engine.StreamAsync(string.Join('\n',
        [
            Tx.Json(account, "a"), "{", "[]", Tx.Json(account, "b", ("amount", "-1")), Tx.Json(account, "a", ("amount", "1")), Tx.Json(account, "a"),
            Tx.Json(account, "c", ("timestamp", "\"2026-05-01T00:00:00Z\"")), Tx.Json(account, "d", ("timestamp", "\"2027-01-01T00:00:00Z\"")),
            "{\"\\ud800aaaaaaaa\":1}", Tx.Json(account, "e") + Tx.Json(account, "f"), Tx.Json(account, "g"),
        ]));
        Assert.Equal(
            [
                Tx.Approved(account, "a"), $"line 2: {Malformed}", $"line 3: {Malformed}", "line 4: urn:fraudengine:problem:invalid",
                "line 5: urn:fraudengine:problem:id-reused", Tx.Approved(account, "a"), "line 7: urn:fraudengine:problem:too-late",
                "line 8: urn:fraudengine:problem:too-far-ahead", "line 9: urn:fraudengine:problem:invalid", $"line 10: {Malformed}", Tx.Approved(account, "g"),
            ],
            answers.Select(Shown));
        Assert.Equal(
            """{"line":4,"error":{"type":"urn:fraudengine:problem:invalid","title":"Invalid transaction","status":400,"detail":"amount must be 0 or more.","errors":{"amount":["must be 0 or more"]}}}""",
            answers[3]);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_line_of_16_KiB_is_taken_and_a_longer_one_refused(string newline)
    {
        var answers = await engine.StreamAsync(string.Concat(
            Tx.OfLength(16384), newline, Tx.OfLength(16385), newline, Tx.OfLength(16386), newline, Tx.OfLength(16384), newline, Tx.OfLength(16384)));
        Assert.Equal(["approve", $"line 2: {TooLarge}", $"line 3: {TooLarge}", "approve", "approve"], answers.Select(OutcomeOrError));
    }

    [Fact]
    public async Task A_line_of_10_MB_is_refused_and_the_rest_goes_on()
    {
        var answers = await engine.StreamAsync(string.Join('\n', Tx.With("amount", "1"), new string('{', 10_000_000), Tx.With("amount", "2"), new string(' ', 10_000_000)));
        Assert.Equal(["approve", $"line 2: {TooLarge}", "approve", $"line 4: {TooLarge}"], answers.Select(OutcomeOrError));
    }

    [Fact]
    public async Task The_same_transaction_twice_in_a_row_has_the_same_answer_twice()
    {
        var json = Tx.With("amount", "6000");
        var answers = await engine.StreamAsync(string.Concat(Enumerable.Repeat(json + "\n", 100)));
        Assert.Equal(100, answers.Length);
        Assert.Single(answers.Distinct());
        Assert.Equal("decline", JsonDocument.Parse(answers[0]).RootElement.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task An_account_may_be_in_several_streams_at_once()
    {
        var account = Tx.NewAccount();
        const int streams = 12;
        const int lines = 300;
        var answers = await Task.WhenAll(Enumerable.Range(0, streams).Select(s =>
            engine.StreamAsync(string.Concat(Enumerable.Range(0, lines).Select(i => Tx.Json(account, $"{s}-{i}") + "\n")))));
        for (var s = 0; s < streams; s++)
        {
            Assert.Equal(Enumerable.Range(0, lines).Select(i => Tx.Approved(account, $"{s}-{i}")), answers[s]);
        }

        Assert.Equal(streams * lines, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("transactions").GetInt32());
    }

    [Fact]
    public async Task How_a_stream_is_cut_into_packets_changes_nothing()
    {
        var account = Tx.NewAccount();
        var text = new StringBuilder("\ufeff");
        for (var i = 0; i < 30; i++)
        {
            text.Append((i % 7) switch
            {
                3 => "broken {\r\n",
                5 => "\r\n \n",
                6 => Tx.Json(account, $"t{i}", ("merchantId", "\"é😀\"")) + "\r\n",
                _ => Tx.Json(account, $"t{i}", ("amount", $"{i * 200}")) + "\n",
            });
        }

        text.Append(Tx.OfLength(16384)).Append("\r\n").Append('x', 17_000).Append('\n').Append(Tx.Json(account, "last"));
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var whole = await engine.StreamAsync(text.ToString());
        for (var seed = 0; seed < 12; seed++)
        {
            Assert.Equal(whole, await InPiecesAsync(bytes, new Random(seed), seed == 0 ? 1 : 1 << seed));
        }
    }

    private async Task<string[]> InPiecesAsync(ReadOnlyMemory<byte> bytes, Random random, int pieceMax)
    {
        using var connection = await engine.ConnectAsync();
        await connection.SendHeadAsync("application/x-ndjson", $"Content-Length: {bytes.Length}\r\nConnection: close");
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, random.Next(1, pieceMax + 1));
            await connection.SendAsync(bytes[..length]);
            bytes = bytes[length..];
        }

        return NdjsonBody.LinesOf(await connection.ReceiveToEndAsync());
    }

    private static string Shown(string answer) =>
        JsonDocument.Parse(answer).RootElement is var json && json.TryGetProperty("line", out var line)
            ? $"line {line.GetInt32()}: {json.GetProperty("error").GetProperty("type").GetString()}"
            : answer;

    private static string OutcomeOrError(string answer) => Shown(answer) is var shown && shown[0] == 'l'
        ? shown
        : JsonDocument.Parse(shown).RootElement.GetProperty("outcome").GetString()!;
}

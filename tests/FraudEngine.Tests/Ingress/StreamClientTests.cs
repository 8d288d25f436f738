using System.Globalization;
using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>Clients that behave well, badly, or die, each with one stream.</summary>
public sealed class StreamClientTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private const string Chunked = "Transfer-Encoding: chunked";

    [Fact]
    public async Task A_decision_comes_back_while_the_request_is_still_open()
    {
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        await connection.SendHeadAsync("application/x-ndjson", Chunked);
        await connection.ReceiveUntilAsync("\r\n\r\n");
        for (var i = 0; i < 50; i++)
        {
            await connection.SendChunkAsync(Tx.Json(account, $"t{i}") + "\n");
            await connection.ReceiveUntilAsync(Tx.Approved(account, $"t{i}") + "\n");
        }

        await connection.EndChunksAsync();
        var response = await connection.ReceiveUntilAsync("\r\n0\r\n\r\n");
        Assert.Equal(Enumerable.Range(0, 50).Select(i => Tx.Approved(account, $"t{i}")), NdjsonBody.LinesOf(response));
    }

    [Fact]
    public async Task A_client_that_waits_to_be_told_to_continue_is_told()
    {
        var line = Tx.With("amount", "1");
        using var connection = await engine.ConnectAsync();
        await connection.SendHeadAsync("application/x-ndjson", $"Expect: 100-continue\r\nContent-Length: {line.Length}");
        await connection.ReceiveUntilAsync("HTTP/1.1 100 Continue\r\n\r\n");
        await connection.SendAsync(line);
        await connection.ReceiveUntilAsync("\"outcome\":\"approve\"");
    }

    [Fact]
    public async Task A_client_that_sends_a_hundred_thousand_lines_before_it_reads_gets_all_answers()
    {
        const int lines = 100_000;
        var body = Lines(lines);
        using var connection = await engine.ConnectAsync();
        await connection.SendHeadAsync("application/x-ndjson", $"Content-Length: {body.Length}\r\nConnection: close");
        await connection.SendAsync(body);
        var response = await connection.ReceiveToEndAsync();
        Assert.Equal(Enumerable.Range(0, lines), NdjsonBody.LinesOf(response).Select(IdOf));
        Assert.True(NdjsonBody.IsComplete(response), "The response was cut off.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_client_sent_before_it_died_is_decided_and_frees_its_room(bool reset)
    {
        var account = Tx.NewAccount();
        using (var connection = await engine.ConnectAsync())
        {
            await connection.SendHeadAsync("application/x-ndjson", Chunked);
            await connection.SendChunkAsync(Tx.Json(account, "a") + "\n" + Tx.Json(account, "b") + "\n" + Tx.Json(account, "cut")[..20]);
            await connection.ReceiveUntilAsync(Tx.Approved(account, "b"));
            if (reset)
            {
                connection.Reset();
            }
            else
            {
                connection.HalfClose();
                Assert.False(NdjsonBody.IsComplete(await connection.ReceiveToEndAsync()), "A stream that was cut off was answered as if it were whole.");
            }
        }

        await Eventually.ThatAsync(() => engine.Host.Engine.Admission.InFlight == 0, "nothing is in flight");
        Assert.Equal(2, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("transactions").GetInt32());
    }

    [Fact]
    public async Task A_broken_chunk_ends_the_stream_with_an_error_in_its_place()
    {
        var account = Tx.NewAccount();
        using var connection = await engine.ConnectAsync();
        await connection.SendHeadAsync("application/x-ndjson", Chunked);
        await connection.SendChunkAsync(Tx.Json(account, "a") + "\n");
        await connection.ReceiveUntilAsync(Tx.Approved(account, "a"));
        await connection.SendAsync("nonsense\r\n");
        var lines = NdjsonBody.LinesOf(await connection.ReceiveToEndAsync());
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("""{"line":2,"error":{"type":"urn:fraudengine:problem:malformed",""", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_that_die_at_any_point_lose_and_leave_nothing()
    {
        var account = Tx.NewAccount();
        var random = new Random(1);
        var lines = string.Concat(Enumerable.Range(0, 400).Select(i => Tx.Json(account, $"t{i}") + "\n"));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => DieAsync(lines[..random.Next(lines.Length)])));
        Assert.Equal(Enumerable.Range(0, 400).Select(i => Tx.Approved(account, $"t{i}")), await engine.StreamAsync(lines));
        await Eventually.ThatAsync(() => engine.Host.Engine.Admission.InFlight == 0, "nothing is in flight");
        Assert.Equal(400, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("transactions").GetInt32());
    }

    [Fact]
    public async Task Sixty_four_streams_run_at_once()
    {
        var streams = Enumerable.Range(0, 64).Select(_ => Tx.NewAccount()).ToArray();
        var answers = await Task.WhenAll(streams.Select(account =>
            engine.StreamAsync(string.Concat(Enumerable.Range(0, 200).Select(i => Tx.Json(account, $"t{i}") + "\n")))));
        Assert.All(answers.Zip(streams), stream => Assert.Equal(Enumerable.Range(0, 200).Select(i => Tx.Approved(stream.Second, $"t{i}")), stream.First));
    }

    [Fact]
    public async Task An_open_stream_does_not_hold_up_the_stop()
    {
        await using var own = await RunningEngine.StartAsync();
        var account = Tx.NewAccount();
        using var connection = await own.ConnectAsync();
        await connection.SendHeadAsync("application/x-ndjson", Chunked);
        await connection.SendChunkAsync(Tx.Json(account, "a") + "\n");
        await connection.ReceiveUntilAsync(Tx.Approved(account, "a"));
        var stopping = own.StopAsync();
        await connection.ReceiveToEndAsync();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task DieAsync(string part)
    {
        using var connection = await engine.ConnectAsync();
        await connection.SendHeadAsync("application/x-ndjson", "Content-Length: 1000000", part);
        connection.Reset();
    }

    private static int IdOf(string answer)
    {
        const string before = "{\"transactionId\":\"";
        return int.Parse(answer.AsSpan(before.Length, answer.IndexOf('"', before.Length) - before.Length), CultureInfo.InvariantCulture);
    }

    internal static byte[] Lines(int count)
    {
        var text = new StringBuilder();
        var account = Tx.NewAccount();
        for (var i = 0; i < count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $$"""{"transactionId":"{{i}}","accountId":"{{account}}-{{i % 500}}","timestamp":"2026-06-01T10:00:00Z","amount":1}""").Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}

using System.Net;
using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>What the body of a single request may be.</summary>
public sealed class BodyTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private const int TextBytesMax = 16 * 1024;

    [Fact]
    public async Task A_decision_has_exactly_the_contract_s_members()
    {
        var account = Tx.NewAccount();
        var reply = await engine.PostAsync(Tx.Json(account, "t"));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (reply.Status, reply.ContentType));
        Assert.Equal(Tx.Approved(account, "t"), reply.Body);
    }

    [Theory]
    [InlineData("999.9999", "approve", "0", "")]
    [InlineData("1000", "review", "0.5", """{"rule":"large","text":"A \"large\" amount"}""")]
    [InlineData("4999.9999", "review", "0.5", """{"rule":"large","text":"A \"large\" amount"}""")]
    [InlineData("5000", "decline", "0.875", """{"rule":"large","text":"A \"large\" amount"},{"rule":"huge","text":"A huge amount"}""")]
    public async Task A_decision_says_outcome_score_and_reasons(string amount, string outcome, string score, string reasons)
    {
        var account = Tx.NewAccount();
        var body = (await engine.PostAsync(Tx.Json(account, "t", ("amount", amount)))).Body;
        var alert = outcome == "approve" ? "" : body[body.IndexOf(",\"alertId\":", StringComparison.Ordinal)..^1];
        Assert.Equal(
            $$"""{"transactionId":"t","accountId":"{{account}}","outcome":"{{outcome}}","score":{{score}},"reasons":[{{reasons}}],"ruleSet":"contract@7"{{alert}}}""", body);
        Assert.Matches("^(,\"alertId\":\"[0-9a-f]{32}\")?$", alert);
    }

    [Fact]
    public async Task An_id_comes_back_as_it_was_sent()
    {
        const string id = "\\\"a\\\\b/😀é\\\"";
        var reply = await engine.PostAsync(Tx.Json(Tx.NewAccount(), id));
        Assert.Equal("\"a\\b/😀é\"", reply.Json.GetProperty("transactionId").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"text\"")]
    [InlineData("{\"transactionId\":\"t\"")]
    [InlineData("{'transactionId':'t'}")]
    [InlineData("{\"transactionId\":\"t\",}")]
    [InlineData("// a comment\n{}")]
    [InlineData("transactionId=t")]
    [InlineData("<transaction/>")]
    [InlineData("\u0000")]
    [InlineData("{\"transactionId\" \"t\"}")]
    public async Task A_body_that_is_no_JSON_object_is_malformed(string body)
    {
        (await engine.PostAsync(body)).Problem(400, "malformed");
        var account = Tx.NewAccount();
        Assert.Equal(Tx.Approved(account, "t"), (await engine.PostAsync(Tx.Json(account, "t"))).Body);
    }

    [Fact]
    public async Task Anything_behind_the_object_is_malformed_and_nothing_is_decided()
    {
        var account = Tx.NewAccount();
        var json = Tx.Json(account, "t");
        string[] bodies = [json + "x", json + "}", json + json, json + "\n" + json, $"[{json}]", json + ","];
        foreach (var body in bodies)
        {
            (await engine.PostAsync(body)).Problem(400, "malformed");
        }

        Assert.Equal(HttpStatusCode.NotFound, (await engine.GetAsync($"/v1/accounts/{account}")).Status);
    }

    [Fact]
    public async Task A_byte_order_mark_and_blanks_around_are_taken()
    {
        var account = Tx.NewAccount();
        Assert.Equal(Tx.Approved(account, "t"), (await engine.PostAsync($"\ufeff \r\n{Tx.Json(account, "t")}\r\n ")).Body);
    }

    [Fact]
    public async Task A_text_of_16_KiB_is_taken_and_one_byte_more_is_not()
    {
        Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.OfLength(TextBytesMax))).Status);
        (await engine.PostAsync(Tx.OfLength(TextBytesMax + 1))).Problem(413, "too-large");
        (await engine.PostAsync(Tx.OfLength(8 << 20))).Problem(413, "too-large");
    }

    [Theory]
    [InlineData(TextBytesMax, "200 OK")]
    [InlineData(TextBytesMax + 1, "413 ")]
    public async Task A_chunked_text_has_the_same_limit(int bytes, string status)
    {
        using var connection = await engine.ConnectAsync();
        await connection.SendHeadAsync("application/json", "Transfer-Encoding: chunked");
        var json = Tx.OfLength(bytes);
        await connection.SendChunkAsync(json[..1000]);
        await connection.SendChunkAsync(json[1000..]);
        await connection.EndChunksAsync();
        await connection.ReceiveUntilAsync(status);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=\"UTF-8\"")]
    [InlineData("APPLICATION/JSON")]
    public async Task A_content_type_may_say_that_it_is_UTF8(string contentType)
    {
        var account = Tx.NewAccount();
        Assert.Equal(Tx.Approved(account, "t"), (await engine.PostAsync(Encoding.UTF8.GetBytes(Tx.Json(account, "t")), contentType)).Body);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("json")]
    [InlineData("")]
    public async Task Another_content_type_is_refused(string contentType) =>
        (await engine.PostAsync(Encoding.UTF8.GetBytes(Tx.With("note", "1")), contentType)).Problem(415, "content-type");

    [Fact]
    public async Task A_compressed_body_is_refused_for_what_it_is()
    {
        foreach (var type in (string[])["application/json", "application/x-ndjson"])
        {
            using var content = new ByteArrayContent([0x1f, 0x8b, 8, 0]);
            content.Headers.Add("Content-Type", type);
            content.Headers.Add("Content-Encoding", "gzip");
            using var response = await engine.Client.PostAsync("/v1/transactions", content);
            (await Reply.OfAsync(response)).Problem(415, "content-type");
        }
    }

    [Fact]
    public async Task A_body_cut_in_the_middle_decides_nothing()
    {
        var account = Tx.NewAccount();
        var json = Tx.Json(account, "t");
        using (var connection = await engine.ConnectAsync())
        {
            await connection.SendHeadAsync("application/json", $"Content-Length: {json.Length}", json[..^1]);
            connection.HalfClose();
            Assert.DoesNotContain("200 OK", await connection.ReceiveToEndAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await engine.GetAsync($"/v1/accounts/{account}")).Status);
    }

    [Fact]
    public async Task A_broken_chunk_is_malformed()
    {
        using var connection = await engine.ConnectAsync();
        await connection.SendHeadAsync("application/json", "Transfer-Encoding: chunked");
        await connection.SendChunkAsync("{\"transactionId\":");
        await connection.SendAsync("nonsense\r\n");
        await connection.ReceiveUntilAsync("The body was cut off before its end.");
    }
}

using System.Net;
using System.Text;
using static FraudEngine.Tests.Ingress.LabelClient;

namespace FraudEngine.Tests.Ingress;

/// <summary>What one label is answered, and what becomes of it.</summary>
public sealed class LabelTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly LabelClient _labels = new(engine);

    [Fact]
    public async Task A_label_is_told_with_its_transaction_and_survives_a_restart()
    {
        await using var own = await RunningEngine.StartAsync();
        var labels = new LabelClient(own);
        await own.StreamAsync(Tx.Json("a", "t1") + "\n" + Tx.Json("a", "t2") + "\n" + Tx.Json("a", "t3"));
        Assert.Equal("t3:- t2:- t1:-", await labels.FraudsAsync("a"));

        var reply = await labels.PostAsync(Json("a", "t1"));
        await labels.PostAsync(Json("a", "t3", isFraud: false));

        Assert.Equal((HttpStatusCode.OK, "application/json", Answer("a", "t1")), (reply.Status, reply.ContentType, reply.Body));
        Assert.Equal("t3:false t2:- t1:true", await labels.FraudsAsync("a"));
        await own.RestartAsync();
        Assert.Equal("t3:false t2:- t1:true", await new LabelClient(own).FraudsAsync("a"));
    }

    [Fact]
    public async Task The_same_label_again_changes_nothing_and_another_corrects_it()
    {
        var account = await AccountAsync("t");
        (bool IsFraud, bool IsChanged)[] sent = [(true, true), (true, false), (false, true), (false, false), (true, true)];
        foreach (var (isFraud, isChanged) in sent)
        {
            Assert.Equal(Answer(account, "t", isFraud, isChanged), (await _labels.PostAsync(Json(account, "t", isFraud))).Body);
            Assert.Equal($"t:{(isFraud ? "true" : "false")}", await _labels.FraudsAsync(account));
        }
    }

    [Fact]
    public async Task A_transaction_that_is_not_there_can_not_be_labelled()
    {
        var account = await AccountAsync("t");
        (await _labels.PostAsync(Json(account, "other"))).Problem(404, "unknown-transaction");
        var unknown = Tx.NewAccount();
        (await _labels.PostAsync(Json(unknown, "t"))).Problem(404, "unknown-transaction");

        Assert.Equal("t:-", await _labels.FraudsAsync(account));
        Assert.Equal(HttpStatusCode.NotFound, (await engine.GetAsync($"/v1/accounts/{unknown}")).Status);
        await engine.PostAsync(Tx.Json(unknown, "t"));
        Assert.Equal("t:-", await _labels.FraudsAsync(unknown));
    }

    [Fact]
    public async Task An_id_comes_back_as_it_was_sent()
    {
        const string id = "\\\"a\\\\b/😀é\\\"";
        var account = await AccountAsync(id);
        var reply = await _labels.PostAsync(Json(account, id));
        Assert.Equal("\"a\\b/😀é\"", reply.Json.GetProperty("transactionId").GetString());
    }

    [Theory]
    [InlineData("{}", "transactionId is required; accountId is required; fraud is required")]
    [InlineData("""{"transactionId":null,"accountId":null,"fraud":null}""", "transactionId is required; accountId is required; fraud is required")]
    [InlineData("""{"transactionId":1,"accountId":{},"fraud":1}""", "transactionId must be a JSON string; accountId must be a JSON string; fraud must be true or false")]
    [InlineData("""{"transactionId":"t","accountId":"a","fraud":"true"}""", "fraud must be true or false")]
    [InlineData("""{"transactionId":"t","accountId":"a","fraud":[true]}""", "fraud must be true or false")]
    [InlineData("""{"transactionId":"t","accountId":"a","fraud":true,"fraud":false}""", "fraud is given twice")]
    [InlineData("""{"transactionId":"t","transactionId":"u","accountId":"a","accountId":[],"fraud":true}""", "transactionId is given twice; accountId is given twice")]
    [InlineData("""{"transactionId":"","accountId":"a\u0000","fraud":true}""", "transactionId must not be empty; accountId must have printable characters only")]
    [InlineData("""{"transactionId":"\ud800","accountId":"\udc00\ud800","fraud":false}""", "transactionId must be valid UTF-8; accountId must be valid UTF-8")]
    [InlineData("""{"transactionId":"t","accountId":"a","\ud800raud":true}""", "fraud is required")]
    [InlineData("""{"transactionId":"t","accountId":"a","Fraud":true}""", "fraud is required")]
    public async Task A_wrong_field_is_named(string body, string errors) => Assert.Equal(errors, (await _labels.PostAsync(body)).Errors());

    [Fact]
    public async Task An_id_has_1_to_64_printable_characters()
    {
        Assert.Equal("transactionId must have at most 64 characters", (await _labels.PostAsync(Json("a", new string('x', 65)))).Errors());
        Assert.Equal("accountId must have at most 64 characters", (await _labels.PostAsync(Json(string.Concat(Enumerable.Repeat("😀", 65)), "t"))).Errors());
        (await _labels.PostAsync(Json("a", new string('x', 64)))).Problem(404, "unknown-transaction");
        var invalid = Encoding.UTF8.GetBytes(Json("a", "x~y"));
        invalid[Array.IndexOf(invalid, (byte)'~')] = 0xff;
        Assert.Equal("transactionId must be valid UTF-8", (await _labels.PostAsync(invalid)).Errors());
    }

    [Fact]
    public async Task A_mistake_made_a_thousand_times_is_told_once()
    {
        var json = "{" + string.Concat(Enumerable.Repeat("\"fraud\":1,", 1000)) + "\"transactionId\":\"t\",\"accountId\":\"a\"}";
        Assert.Equal("fraud must be true or false, is given twice", (await _labels.PostAsync(json)).Errors());
    }

    [Fact]
    public async Task Fields_that_are_not_known_are_ignored_however_deep_they_nest()
    {
        var account = await AccountAsync("t");
        var nested = new string('[', 5000) + new string(']', 5000);
        var json = Json(account, "t")[..^1] + $",\"amount\":-1,\"timestamp\":\"never\",\"note\":{nested},\"\\ud800\":1}}";
        Assert.Equal(Answer(account, "t"), (await _labels.PostAsync("\ufeff \r\n" + json + "\r\n ")).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("\u0000")]
    [InlineData("""{"transactionId":"t","accountId":"a","fraud":true""")]
    [InlineData("""{"transactionId":"t","accountId":"a","fraud":True}""")]
    [InlineData("""{"transactionId":"t","accountId":"a","fraud":true}}""")]
    [InlineData("""{"transactionId":"t","accountId":"a","fraud":true} {}""")]
    [InlineData("""[{"transactionId":"t","accountId":"a","fraud":true}]""")]
    public async Task A_body_that_is_no_JSON_object_is_malformed(string body) => (await _labels.PostAsync(body)).Problem(400, "malformed");

    [Fact]
    public async Task A_value_that_is_no_JSON_is_said_to_be_that_field_s() => Assert.Equal(
        "fraud is not valid JSON", (await _labels.PostAsync("""{"transactionId":"t","accountId":"a","fraud":yes}""")).Errors(kind: "malformed"));

    [Fact]
    public async Task A_text_of_16_KiB_is_taken_and_one_byte_more_is_not()
    {
        var account = await AccountAsync("t");
        Assert.Equal(Answer(account, "t"), (await _labels.PostAsync(Padded(Json(account, "t"), 16384))).Body);
        (await _labels.PostAsync(Padded(Json(account, "t"), 16385))).Problem(413, "too-large");
        (await _labels.PostAsync(Padded(Json(account, "t"), 8 << 20))).Problem(413, "too-large");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("")]
    public async Task Another_content_type_is_refused(string contentType) =>
        (await _labels.PostAsync(Encoding.UTF8.GetBytes(Json("a", "t")), contentType)).Problem(415, "content-type");

    [Fact]
    public async Task A_body_cut_in_the_middle_labels_nothing()
    {
        var account = await AccountAsync("t");
        var json = Json(account, "t");
        using (var connection = await engine.ConnectAsync())
        {
            await connection.SendAsync($"POST /v1/labels HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json[..^1]}");
            connection.HalfClose();
            Assert.DoesNotContain("200 OK", await connection.ReceiveToEndAsync(), StringComparison.Ordinal);
        }

        Assert.Equal("t:-", await _labels.FraudsAsync(account));
    }

    [Fact]
    public async Task Without_room_a_label_is_told_to_come_again_and_a_stream_waits()
    {
        await using var own = await RunningEngine.StartAsync("--Engine:InFlightMax=1", "--Ingress:AdmissionWaitMax=00:00:00.050");
        var labels = new LabelClient(own);
        await own.PostAsync(Tx.Json("a", "t"));
        Assert.True(own.Host.Engine.Admission.TryEnter());
        var refused = await labels.PostAsync(Json("a", "t"));
        refused.Problem(503, "overloaded");
        Assert.Equal("1", refused.RetryAfter);
        var stream = labels.StreamAsync(Json("a", "t") + "\nbad\n" + Json("a", "t"));
        Assert.False(stream.IsCompleted);

        own.Host.Engine.Admission.Leave(1);
        var answers = await stream;
        Assert.Equal([Answer("a", "t"), Answer("a", "t", isChanged: false)], [answers[0], answers[2]]);
        Assert.Equal(0, own.Host.Engine.Admission.InFlight);
    }

    internal static string Padded(string json, int bytes) => $"{json[..^1]},\"note\":\"{new string('x', bytes - json.Length - 10)}\"}}";

    private async Task<string> AccountAsync(string id)
    {
        var account = Tx.NewAccount();
        Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.Json(account, id))).Status);
        return account;
    }
}

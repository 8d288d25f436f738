using System.Net;

namespace FraudEngine.Tests.Ingress;

/// <summary>An engine that may have one transaction in flight.</summary>
public sealed class OverloadTests
{
    private static readonly string[] Tight = ["--Engine:InFlightMax=1", "--Engine:Shards=2", "--Ingress:AdmissionWaitMax=00:00:00.050"];

    [Fact]
    public async Task Without_room_a_single_request_is_told_to_come_again_and_a_stream_waits()
    {
        await using var engine = await RunningEngine.StartAsync(Tight);
        var account = Tx.NewAccount();
        Assert.True(engine.Host.Engine.Admission.TryEnter());
        var refused = await engine.PostAsync(Tx.Json(account, "a"));
        refused.Problem(503, "overloaded");
        Assert.Equal("1", refused.RetryAfter);
        var stream = engine.StreamAsync(Tx.Json(account, "b") + "\nbad\n" + Tx.Json(account, "c"));
        (await engine.PostAsync(Tx.Json(account, "a"))).Problem(503, "overloaded");
        Assert.False(stream.IsCompleted);
        Assert.Equal(HttpStatusCode.NotFound, (await engine.GetAsync($"/v1/accounts/{account}")).Status);

        engine.Host.Engine.Admission.Leave(1);
        var answers = await stream;
        Assert.Equal([Tx.Approved(account, "b"), Tx.Approved(account, "c")], [answers[0], answers[2]]);
        Assert.Equal(Tx.Approved(account, "a"), (await engine.PostAsync(Tx.Json(account, "a"))).Body);
    }

    [Fact]
    public async Task One_stream_or_subscriber_more_than_may_be_is_refused_and_may_come_when_another_has_left()
    {
        await using var engine = await RunningEngine.StartAsync(["--Ingress:StreamsMax=1", "--Egress:SubscribersMax=1"]);
        using (var listener = await engine.Client.GetAsync("/v1/alerts/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            (await engine.GetAsync("/v1/alerts/stream")).Problem(503, "too-many-subscribers");
        }

        await Eventually.ThatAsync(() => engine.Host.Feed.Subscribers == 0, "the subscriber had left");
        using var next = await engine.Client.GetAsync("/v1/alerts/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);

        using var open = await engine.ConnectAsync();
        await open.SendHeadAsync("application/x-ndjson", "Transfer-Encoding: chunked");
        await open.ReceiveUntilAsync("200 OK");
        (await engine.PostAsync("{}"u8.ToArray(), "application/x-ndjson")).Problem(503, "too-many-streams");
        await open.EndChunksAsync();
        await open.ReceiveUntilAsync("0\r\n\r\n");
        await Eventually.ThatAsync(() => engine.StreamAsync("{}").GetAwaiter().GetResult()[0].Contains("\"line\":1", StringComparison.Ordinal), "a stream was taken again");
    }

    [Fact]
    public async Task Under_too_much_load_nothing_is_lost_and_nothing_decided_twice()
    {
        await using var engine = await RunningEngine.StartAsync(Tight);
        string[] accounts = [.. Enumerable.Range(0, 4).Select(_ => Tx.NewAccount())];
        var streams = Enumerable.Range(0, 4).Select(s =>
            engine.StreamAsync(string.Concat(Enumerable.Range(0, 50).Select(i => Tx.Json(accounts[s], $"s{i}") + "\n")))).ToArray();
        var singles = Enumerable.Range(0, 80).Select(async i =>
        {
            Reply reply;
            while ((reply = await engine.PostAsync(Tx.Json(accounts[i % 4], $"t{i}"))).Status == HttpStatusCode.ServiceUnavailable)
            {
                Assert.Equal("1", reply.RetryAfter);
            }

            Assert.Equal(Tx.Approved(accounts[i % 4], $"t{i}"), reply.Body);
        }).ToArray();
        await Task.WhenAll(singles);
        Assert.All((await Task.WhenAll(streams)).Zip(accounts), stream =>
            Assert.Equal(Enumerable.Range(0, 50).Select(i => Tx.Approved(stream.Second, $"s{i}")), stream.First));
        foreach (var account in accounts)
        {
            Assert.Equal(70, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("transactions").GetInt32());
        }
    }
}

using System.Net;
using System.Text.Json;
using FraudEngine.Tests.Ingress;
using Microsoft.AspNetCore.Http;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>Endpoints made, changed and looked after by HTTP.</summary>
public sealed class WebhookRoutesTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly RunningEngine _engine = new() { HasRealTime = true, Options = ["--Webhooks:AllowPrivate=true", "--Customers:PublicUrl=https://bank.example/"] };
    private readonly WebhookClient _webhooks;
    private Receiver _receiver = null!;

    public WebhookRoutesTests() => _webhooks = new WebhookClient(_engine);

    public async Task InitializeAsync()
    {
        await _engine.InitializeAsync();
        _receiver = await Receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_new_endpoint_gets_what_is_raised_from_then_on_signed_and_with_a_link()
    {
        await RaiseAsync("a", "old");
        var secret = await _webhooks.PutAsync("push", _receiver.Url);
        var alertId = await RaiseAsync("a", "new");
        await Eventually.ThatAsync(() => _receiver.Count == 1, "the alert has arrived");
        var received = Assert.Single(_receiver.All);
        Assert.Equal((alertId, "new"), (received.Id, received.Transaction));
        Assert.True(SpecVerifier.Holds(secret!, received));
        Assert.Equal("alert.raised", received.Json.GetProperty("type").GetString());
        Assert.StartsWith("https://bank.example/respond/", received.Alert.GetProperty("respondUrl").GetString(), StringComparison.Ordinal);

        // But for the link, it is what the page of alerts has.
        var page = (await _engine.GetAsync("/v1/alerts")).Json.GetProperty("alerts")[1];
        Assert.All(page.EnumerateObject(), member => Assert.Equal(member.Value.GetRawText(), received.Alert.GetProperty(member.Name).GetRawText()));
        Assert.Equal(page.EnumerateObject().Count() + 1, received.Alert.EnumerateObject().Count());
        await Eventually.ThatAsync(async () => (await DeliveriesAsync(alertId)).Contains("delivered", StringComparison.Ordinal), "it is stored", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Secrets_and_addresses_are_changed_without_a_restart_and_rotated_with_an_overlap()
    {
        var first = await _webhooks.PutAsync("push", "http://127.0.0.1:1/");
        Assert.Null(await _webhooks.PutAsync("push", _receiver.Url));
        await RaiseAsync("a", "1");
        await Eventually.ThatAsync(() => _receiver.Count == 1, "the alert has arrived");
        var second = (await _webhooks.SendAsync("POST", "/push/rotate")).Json.GetProperty("secret").GetString()!;
        await RaiseAsync("a", "2");
        await Eventually.ThatAsync(() => _receiver.Count == 2, "the alert has arrived");
        var third = (await _webhooks.SendAsync("POST", "/push/rotate", """{"keepOldFor":"00:00:00"}""")).Json.GetProperty("secret").GetString()!;
        await RaiseAsync("a", "3");
        await Eventually.ThatAsync(() => _receiver.Count == 3, "the alert has arrived");
        var received = _receiver.Accepted;
        Assert.Equal([true, true, false], received.Select(one => SpecVerifier.Holds(first!, one)));
        Assert.Equal([false, true, false], received.Select(one => SpecVerifier.Holds(second, one)));
        Assert.Equal([false, false, true], received.Select(one => SpecVerifier.Holds(third, one)));
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_permanently_makes_dead_letters_that_can_be_sent_again()
    {
        _receiver.Answer = context =>
        {
            context.Response.StatusCode = StatusCodes.Status410Gone;
            return Task.CompletedTask;
        };
        await _webhooks.PutAsync("push", _receiver.Url);
        string[] ids = [await RaiseAsync("a", "1"), await RaiseAsync("a", "2"), await RaiseAsync("b", "3")];
        await Eventually.ThatAsync(async () => (await _webhooks.SendAsync("GET", "/push")).Json.GetProperty("dead").GetInt32() == 3, "all are dead", TimeSpan.FromSeconds(20));
        var page = (await _webhooks.SendAsync("GET", "/push/dead?limit=2")).Json;
        Assert.Equal(ids[..2], page.GetProperty("dead").EnumerateArray().Select(static dead => dead.GetProperty("alertId").GetString()));
        var rest = (await _webhooks.SendAsync("GET", $"/push/dead?after={page.GetProperty("next").GetString()}")).Json;
        Assert.Equal(("The endpoint answered 410.", JsonValueKind.Null), (Assert.Single(rest.GetProperty("dead").EnumerateArray()).GetProperty("problem").GetString(), rest.GetProperty("next").ValueKind));
        _receiver.Answer = static _ => Task.CompletedTask;
        Assert.Equal("""{"retried":1}""", (await _webhooks.SendAsync("POST", $"/push/dead/{ids[1]}/retry")).Body);
        await Eventually.ThatAsync(() => _receiver.Count == 1, "it has arrived");
        Assert.Equal("""{"retried":2}""", (await _webhooks.SendAsync("POST", "/push/dead/retry")).Body);
        await Eventually.ThatAsync(() => _receiver.Count == 3, "the others have arrived");
        await Eventually.ThatAsync(async () => (await DeliveriesAsync(ids[0])).Contains("\"delivered\"", StringComparison.Ordinal), "it is stored", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Only_the_chosen_kinds_and_customers_are_told()
    {
        await _webhooks.PutAsync("chosen", _receiver.Url, ""","accounts":"chosen" """);
        await _webhooks.PutAsync("activity", _receiver.Url + "/activity", ""","kinds":["activity"] """);
        using var content = new StringContent("""{"language":"en","webhooks":["chosen"]}""", System.Text.Encoding.UTF8, "application/json");
        using var put = await _engine.Client.PutAsync(new Uri("/v1/accounts/yes/preferences", UriKind.Relative), content);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        await RaiseAsync("no", "1");
        await RaiseAsync("yes", "1");
        await Eventually.ThatAsync(() => _receiver.Count == 1, "the alert has arrived");
        Assert.Equal(("yes", "/alerts"), (_receiver.All[0].Account, _receiver.All[0].Path));
    }

    [Fact]
    public async Task Alerts_of_an_account_are_grouped_where_the_endpoint_wants_that()
    {
        await _webhooks.PutAsync("push", _receiver.Url, ""","group":{"wait":"00:00:01","perHour":5}""");
        string[] ids = [await RaiseAsync("a", "1"), await RaiseAsync("a", "2"), await RaiseAsync("a", "3")];
        await Eventually.ThatAsync(() => _receiver.Count == 1, "the message has arrived");
        var received = Assert.Single(_receiver.All);
        Assert.Equal(($"{ids[0]}-3", 3, 2), (received.Id, received.Alert.GetProperty("count").GetInt32(), received.Alert.GetProperty("others").GetArrayLength()));
        Assert.Equal(ids, received.Alert.GetProperty("alertIds").EnumerateArray().Select(static id => id.GetString()));
        await Eventually.ThatAsync(async () => (await DeliveriesAsync(ids[2])).Contains($"\"messageId\":\"{ids[0]}\"", StringComparison.Ordinal), "it is stored", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_endpoint_outlives_a_restart_and_is_gone_when_it_is_removed()
    {
        await _webhooks.PutAsync("push", _receiver.Url);
        await _engine.RestartAsync();
        await RaiseAsync("a", "1");
        await Eventually.ThatAsync(() => _receiver.Count == 1, "the alert has arrived");
        Assert.Equal("""{"delivered":true}""", (await _webhooks.SendAsync("POST", "/push/test")).Body);
        Assert.Equal("webhook.test", _receiver.All[1].Json.GetProperty("type").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await _webhooks.SendAsync("DELETE", "/push")).Status);
        (await _webhooks.SendAsync("GET", "/push")).Problem(404, "unknown-webhook");
        (await _webhooks.SendAsync("DELETE", "/push")).Problem(404, "unknown-webhook");
        Assert.Equal("""{"webhooks":[]}""", (await _webhooks.SendAsync("GET", "")).Body);
    }

    [Theory]
    [InlineData("Push", """{"url":"https://example.com/"}""")]
    [InlineData("-a", """{"url":"https://example.com/"}""")]
    [InlineData("a", "{}")]
    [InlineData("a", "[]")]
    [InlineData("a", "{")]
    [InlineData("a", """{"url":7}""")]
    [InlineData("a", """{"url":"ftp://example.com/"}""")]
    [InlineData("a", """{"url":"https://u:p@example.com/"}""")]
    [InlineData("a", """{"url":"https://example.com/","secret":"whsec_short"}""")]
    [InlineData("a", """{"url":"https://example.com/","secret":7}""")]
    [InlineData("a", """{"url":"https://example.com/","accounts":"some"}""")]
    [InlineData("a", """{"url":"https://example.com/","kinds":[]}""")]
    [InlineData("a", """{"url":"https://example.com/","kinds":["news"]}""")]
    [InlineData("a", """{"url":"https://example.com/","group":7}""")]
    [InlineData("a", """{"url":"https://example.com/","group":{"wait":"02:00:00"}}""")]
    [InlineData("a", """{"url":"https://example.com/","group":{"perHour":0}}""")]
    [InlineData("a", """{"url":"https://example.com/","group":{"per":1}}""")]
    [InlineData("a", """{"url":"https://example.com/","key":"x"}""")]
    public async Task What_is_no_endpoint_is_refused(string name, string body)
    {
        (await _webhooks.SendAsync("PUT", $"/{name}", body)).Problem(400, "invalid-webhook");
        Assert.Equal("""{"webhooks":[]}""", (await _webhooks.SendAsync("GET", "")).Body);
    }

    [Fact]
    public async Task Calls_about_what_there_is_not_are_refused_and_bodies_are_bounded()
    {
        foreach (var (method, path) in new[] { ("GET", "/x"), ("DELETE", "/x"), ("POST", "/x/rotate"), ("POST", "/x/test"), ("GET", "/x/dead"), ("POST", "/x/dead/retry"), ("POST", "/x/dead/0/retry") })
        {
            (await _webhooks.SendAsync(method, path)).Problem(404, "unknown-webhook");
        }

        (await _webhooks.SendAsync("PUT", "/x", new string(' ', 20_000))).Problem(413, "too-large");
        await _webhooks.PutAsync("push", _receiver.Url);
        (await _webhooks.SendAsync("POST", "/push/rotate", """{"keepOldFor":"31.00:00:00"}""")).Problem(400, "invalid-webhook");
        (await _webhooks.SendAsync("GET", "/push/dead?limit=0")).Problem(400, "invalid-query");
        (await _webhooks.SendAsync("GET", "/push/dead?after=x")).Problem(400, "invalid-query");
        (await _webhooks.SendAsync("POST", "/push/dead/0/retry")).Problem(404, "unknown-dead-letter");
        (await _engine.GetAsync("/v1/alerts/00000000000000000000000000000000/deliveries")).Problem(404, "unknown-alert");
    }

    [Fact]
    public async Task An_endpoint_of_the_configuration_is_changed_there_only()
    {
        await using var own = new RunningEngine
        {
            HasRealTime = true,
            Options = ["--Webhooks:AllowPrivate=true", $"--Webhooks:Endpoints:bank:Url={_receiver.Url}", "--Webhooks:Endpoints:bank:Secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        };
        await own.InitializeAsync();
        var webhooks = new WebhookClient(own);
        (await webhooks.SendAsync("PUT", "/bank", "{}")).Problem(409, "fixed-webhook");
        (await webhooks.SendAsync("DELETE", "/bank")).Problem(409, "fixed-webhook");
        (await webhooks.SendAsync("POST", "/bank/rotate")).Problem(409, "fixed-webhook");
        await own.PostAsync(Tx.Json("a", "1", ("amount", "1000")));
        await Eventually.ThatAsync(() => _receiver.Count == 1, "the alert has arrived");
        Assert.Contains("fraudengine_alerts_waiting{channel=\"webhook:bank\"}", (await own.GetAsync("/metrics")).Body, StringComparison.Ordinal);
    }

    private async Task<string> RaiseAsync(string account, string id) =>
        (await _engine.PostAsync(Tx.Json(account, id, ("amount", "1000")))).Json.GetProperty("alertId").GetString()!;

    private async Task<string> DeliveriesAsync(string alertId) => (await _engine.GetAsync($"/v1/alerts/{alertId}/deliveries")).Body;
}

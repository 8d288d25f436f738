using System.Net;
using System.Text;

namespace FraudEngine.Tests.Ingress.Customers;

/// <summary>Customers' preferences over HTTP.</summary>
public sealed class PreferencesTests : IAsyncLifetime
{
    private const string Whole =
        """{"language":"de","email":"erika@example.com","webhooks":["push","sms-2"],"quietHours":{"from":"22:00","until":"07:00","timeZone":"Europe/Brussels"},"activity":[{"id":"payment-above","chosen":100.5},{"id":"payment-abroad","chosen":"BE"},{"id":"online-payment"}]}""";

    private RunningEngine _engine = null!;
    private CustomerClient _client = null!;

    public async Task InitializeAsync()
    {
        _engine = await CustomerClient.StartAsync();
        _client = new CustomerClient(_engine);
    }

    public Task DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task What_is_put_before_the_first_payment_is_given_back_counts_and_outlasts_a_restart()
    {
        var account = Tx.NewAccount();
        (await GetAsync(account)).Problem(404, "no-preferences");
        Assert.Equal((HttpStatusCode.OK, Whole), Shown(await PutAsync(account, Whole)));
        Assert.Equal((HttpStatusCode.OK, Whole), Shown(await PutAsync(account, Whole)));
        await _engine.RestartAsync();
        Assert.Equal((HttpStatusCode.OK, Whole), Shown(await GetAsync(account)));

        var decision = (await _engine.PostAsync(Tx.Json(account, "t", ("amount", "200"), ("country", "\"DE\"")))).Json;
        Assert.Equal(["payment-above", "payment-abroad"], decision.GetProperty("activity").EnumerateArray().Select(static hit => hit.GetProperty("rule").GetString()));

        Assert.Equal((HttpStatusCode.OK, """{"language":"en","webhooks":[],"activity":[]}"""), Shown(await PutAsync(account, """{"language":"en","email":null}""")));
        Assert.Equal(HttpStatusCode.NoContent, (await _client.SendAsync("DELETE", PathOf(account))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await _client.SendAsync("DELETE", PathOf(account))).Status);
        (await GetAsync(account)).Problem(404, "no-preferences");
        decision = (await _engine.PostAsync(Tx.Json(account, "t-2", ("amount", "200"), ("country", "\"DE\"")))).Json;
        Assert.False(decision.TryGetProperty("activity", out _));
    }

    [Fact]
    public async Task Of_very_many_mistakes_the_first_are_named()
    {
        var body = $"{{{string.Join(',', Enumerable.Range(0, 1_500).Select(static i => $"\"x{i}\":1"))}}}";
        Assert.Equal(100, (await PutAsync(Tx.NewAccount(), body)).Json.GetProperty("errors").EnumerateObject().Count());
    }

    [Theory]
    [InlineData("{}", "language is required")]
    [InlineData("""{"language":"fr"}""", "language must be en or de")]
    [InlineData("""{"language":1}""", "language must be en or de")]
    [InlineData("""{"language":"\ud800"}""", "language must be en or de")]
    [InlineData("""{"language":"en","language":"de"}""", "language is given twice")]
    [InlineData("""{"language":"en","langauge":"de"}""", "langauge is not known; there are language, email, webhooks, quietHours, activity")]
    [InlineData("""{"language":"en","email":"x"}""", "email must be one address such as name@example.com, without a display name, in at most 254 ASCII characters")]
    [InlineData("""{"language":"en","email":"a@b.be\r\nBcc: c@d.be"}""", "email must be one address such as name@example.com, without a display name, in at most 254 ASCII characters")]
    [InlineData("""{"language":"en","email":["a@b.be"]}""", "email must be a JSON string")]
    [InlineData("""{"language":"en","email":"\ud800@b.be"}""", "email must be valid text")]
    [InlineData("""{"language":"en","webhooks":"push"}""", "webhooks must be a JSON array")]
    [InlineData("""{"language":"en","webhooks":["push","push"]}""", "webhooks[1] is given twice")]
    [InlineData("""{"language":"en","webhooks":[1]}""", "webhooks[0] must be a JSON string")]
    [InlineData("""{"language":"en","webhooks":["../x"]}""", "webhooks[0] must be the name of a webhook: small letters, digits and hyphens, at most 64 and no hyphen first")]
    [InlineData("""{"language":"en","webhooks":["1","2","3","4","5","6","7","8","9"]}""", "webhooks must have at most 8 entries")]
    [InlineData("""{"language":"en","quietHours":[]}""", "quietHours must be a JSON object")]
    [InlineData("""{"language":"en","quietHours":{}}""", "quietHours.from is required; quietHours.until is required; quietHours.timeZone is required")]
    [InlineData("""{"language":"en","quietHours":{"from":"22:00","until":"22:00","timeZone":"UTC"}}""", "quietHours.until must be another time than from")]
    [InlineData("""{"language":"en","quietHours":{"from":"24:00","until":"7:00","timeZone":"UTC","x":1}}""", "quietHours.x is not known; there are from, until, timeZone; quietHours.from must be a time of day such as 22:00; quietHours.until must be a time of day such as 22:00")]
    [InlineData("""{"language":"en","quietHours":{"from":"22:00","until":"07:00","timeZone":"../../etc/passwd"}}""", "quietHours.timeZone must be the IANA name of a time zone, such as Europe/Brussels")]
    [InlineData("""{"language":"en","quietHours":{"from":"22:00","until":"07:00","timeZone":"Europe/Brussel"}}""", "quietHours.timeZone must be the IANA name of a time zone, such as Europe/Brussels")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-abve","chosen":1}]}""", "activity[0].id is not known; did you mean 'payment-above'?")]
    [InlineData("""{"language":"en","activity":[{"chosen":1},{"id":""},3]}""", "activity[0].id is required; activity[1].id must not be empty; activity[2] must be a JSON object")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-above"}]}""", "activity[0].chosen must be a number")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-above","chosen":"1"}]}""", "activity[0].chosen must be a number")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-above","chosen":-1}]}""", "activity[0].chosen must be from 0 to 999999999999, with at most 4 digits after the point")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-above","chosen":1e400}]}""", "activity[0].chosen must be from 0 to 999999999999, with at most 4 digits after the point")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-above","chosen":0.00001}]}""", "activity[0].chosen must be from 0 to 999999999999, with at most 4 digits after the point")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-above","chosen":{}}]}""", "activity[0].chosen must be a number or a string")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-abroad","chosen":1}]}""", "activity[0].chosen must be a string")]
    [InlineData("""{"language":"en","activity":[{"id":"payment-abroad","chosen":"\u0000"}]}""", "activity[0].chosen must have printable characters only")]
    [InlineData("""{"language":"en","activity":[{"id":"online-payment","chosen":true}]}""", "activity[0].chosen must be a number or a string")]
    [InlineData("""{"language":"en","activity":[{"id":"online-payment","chosen":1}]}""", "activity[0].chosen must not be given: this alert takes nothing")]
    [InlineData("""{"language":"en","activity":[{"id":"online-payment"},{"id":"online-payment"}]}""", "activity[1].id is given twice")]
    [InlineData("""{"language":"en","activity":[{"id":"large"}]}""", "activity[0].id is not known; there are payment-above, payment-abroad, online-payment")]
    public async Task Every_mistake_is_named_and_nothing_is_stored(string body, string errors)
    {
        var account = Tx.NewAccount();
        Assert.Equal(errors, (await PutAsync(account, body)).Errors());
        (await GetAsync(account)).Problem(404, "no-preferences");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"en\"")]
    [InlineData("{\"language\":\"en\"")]
    [InlineData("{\"language\":\"en\"}x")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"language\":NaN}")]
    public async Task What_is_no_object_is_malformed(string body) => (await PutAsync(Tx.NewAccount(), body)).Problem(400, "malformed");

    [Fact]
    public async Task Hostile_bodies_are_refused()
    {
        var account = Tx.NewAccount();
        (await PutAsync(account, new string('[', 10_000))).Problem(400, "malformed");
        (await PutAsync(account, $$"""{"language":"en","{{new string('x', 5000)}}":1}""")).Problem(400, "invalid");
        (await PutAsync(account, new string(' ', 20_000))).Problem(413, "too-large");
        (await _client.SendAsync("PUT", PathOf(account), Whole, "text/plain")).Problem(415, "content-type");
        (await _client.SendAsync("PUT", PathOf(account), Whole, "application/json; charset=utf-16")).Problem(415, "content-type");
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes("""{"language":"en","email":" """), 0xFF, .. "\"}"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        using var response = await _engine.Client.PutAsync(PathOf(account), content);
        (await Reply.OfAsync(response)).Problem(400, "malformed");
        (await PutAsync(new string('x', 65), Whole)).Problem(400, "invalid-account");
        (await PutAsync("%01", Whole)).Problem(400, "invalid-account");
        (await GetAsync(account)).Problem(404, "no-preferences");
    }

    [Fact]
    public async Task An_account_may_have_any_printable_id()
    {
        const string account = "a%2Fb%252Fc%20%C3%A4";
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(account, """{"language":"de"}""")).Status);
        Assert.Equal("""{"language":"de","webhooks":[],"activity":[]}""", (await GetAsync(account)).Body);
        (await GetAsync("a%2Fb%2Fc%20%C3%A4")).Problem(404, "no-preferences");
    }

    private static string PathOf(string account) => $"/v1/accounts/{account}/preferences";

    private static (HttpStatusCode Status, string Body) Shown(Reply reply) => (reply.Status, reply.Body);

    private Task<Reply> PutAsync(string account, string body) => _client.SendAsync("PUT", PathOf(account), body);

    private Task<Reply> GetAsync(string account) => _client.SendAsync("GET", PathOf(account));
}

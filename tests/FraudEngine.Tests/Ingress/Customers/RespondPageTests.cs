using System.Net;
using System.Text.RegularExpressions;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Tests.Ingress.Customers;

/// <summary>The page behind the links in alerts.</summary>
public sealed class RespondPageTests : IAsyncLifetime
{
    private RunningEngine _engine = null!;
    private CustomerClient _client = null!;
    private AlertLinks _links = null!;

    public async Task InitializeAsync()
    {
        _engine = await CustomerClient.StartAsync();
        _client = new CustomerClient(_engine);
        _links = await _client.LinksAsync();
    }

    public Task DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task It_asks_and_takes_the_answer_and_says_so_from_then_on()
    {
        var account = Tx.NewAccount();
        var token = TokenOf(await _client.AlertAsync(account, "t-1"));
        Assert.Equal((HttpStatusCode.OK, "Was this you?"), Title(await _client.ShowAsync(token)));
        Assert.Equal("approve", await _client.DecideAsync(account, "t-2", "5"));
        Assert.Equal("t-2:- t-1:-", await new LabelClient(_engine).FraudsAsync(account));
        var denied = await _client.AnswerAsync(token, "denied");
        Assert.Equal((HttpStatusCode.OK, "Thank you. Your account is protected."), Title(denied));
        Assert.Contains("Further payments from this account are stopped", denied.Body, StringComparison.Ordinal);
        Assert.Equal("decline account-held", await _client.DecideAsync(account, "t-3", "5"));
        await _engine.RestartAsync();
        Assert.Equal((HttpStatusCode.OK, "You have already answered."), Title(await _client.ShowAsync(token)));
        Assert.Equal((HttpStatusCode.OK, "You have already answered."), Title(await _client.AnswerAsync(token, "denied")));
        var other = await _client.AnswerAsync(token, "confirmed");
        Assert.Equal((HttpStatusCode.Conflict, "You have already answered."), Title(other));
        Assert.Contains("this payment was not yours", other.Body, StringComparison.Ordinal);
        Assert.Equal("t-3:- t-2:- t-1:true", await new LabelClient(_engine).FraudsAsync(account));
    }

    [Fact]
    public async Task A_confirmation_is_thanked_for_and_promises_what_will_be()
    {
        var account = Tx.NewAccount();
        var confirmed = await _client.AnswerAsync(TokenOf(await _client.AlertAsync(account, "t-1")), "confirmed");
        Assert.Equal((HttpStatusCode.OK, "Thank you for telling us."), Title(confirmed));
        Assert.Contains("For the next 30 days similar payments", confirmed.Body, StringComparison.Ordinal);
        confirmed = await _client.AnswerAsync(TokenOf(await _client.AlertAsync(account, "t-2", ("merchantId", null))), "confirmed");
        Assert.DoesNotContain("30 days", confirmed.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_says_which_payment_and_what_others_have_written_stays_text()
    {
        const string account = "account-<b>'\"&-7034";
        await _client.SendAsync(
            "PUT", $"/v1/accounts/{Uri.EscapeDataString(account)}/preferences",
            """{"language":"de","quietHours":{"from":"22:00","until":"07:00","timeZone":"Europe/Brussels"}}""");
        var transaction = Tx.Json(account.Replace("\"", "\\\"", StringComparison.Ordinal), "t", ("amount", "12345.5"), ("merchantId", "\"</style><script>alert(1)</script>\""), ("currency", "\"CHF\""));
        Assert.True(AlertId.TryParse((await _engine.PostAsync(transaction)).Json.GetProperty("alertId").GetString()!, out var alert));
        var page = WebUtility.HtmlDecode((await _client.ShowAsync(TokenOf(alert), "en")).Body);
        Assert.Contains("lang=\"de\"", page, StringComparison.Ordinal);
        Assert.Contains("12.345,50\u00A0CHF", page, StringComparison.Ordinal);
        Assert.Contains("1. Juni 2026, 12:00 Uhr (Europe/Brussels)", page, StringComparison.Ordinal);
        Assert.Contains("endet auf 7034", page, StringComparison.Ordinal);
        var html = (await _client.ShowAsync(TokenOf(alert), "en")).Body;
        Assert.Contains("&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("account-", html, StringComparison.Ordinal);
        Assert.DoesNotContain(TokenOf(alert), html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-AT,en;q=0.5", "de")]
    [InlineData("fr, de;q=0.2, en;q=0.9", "en")]
    [InlineData("fr", "en")]
    [InlineData("de;q=0", "en")]
    [InlineData("", "en")]
    [InlineData(";;;=,", "en")]
    public async Task Without_preferences_it_speaks_the_language_of_the_browser(string accepted, string language)
    {
        var token = TokenOf(await _client.AlertAsync(Tx.NewAccount(), "t"));
        Assert.Contains($"<html lang=\"{language}\">", (await _client.ShowAsync(token, accepted)).Body, StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{language}\">", (await _client.ShowAsync("x", accepted)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_token_is_none()
    {
        var alert = await _client.AlertAsync(Tx.NewAccount(), "t");
        var token = TokenOf(alert);
        var unknown = await _client.ShowAsync(TokenOf(new AlertId(1, 2)));
        Assert.Equal((HttpStatusCode.NotFound, "This link doesn’t work."), Title(unknown));
        foreach (var (i, bit) in Enumerable.Range(0, token.Length).SelectMany(static i => new[] { (i, 1), (i, 8), (i, 32) }))
        {
            // Another character of the alphabet at each place; the last one has no spare bits.
            const string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            var changed = $"{token[..i]}{alphabet[alphabet.IndexOf(token[i], StringComparison.Ordinal) ^ bit]}{token[(i + 1)..]}";
            var reply = bit == 1 ? await _client.AnswerAsync(changed, "denied") : await _client.ShowAsync(changed);
            Assert.Equal((HttpStatusCode.NotFound, unknown.Body), (reply.Status, reply.Body));
        }

        foreach (var changed in new[] { "x", token[..^1], token + "A", token + "=", "%01", token.ToUpperInvariant(), new string('A', 76), new string('A', 4000), "..%2F.." })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _client.ShowAsync(changed)).Status);
        }

        (await _engine.GetAsync($"/v1/alerts/{alert}/response")).Problem(404, "not-answered");
    }

    [Fact]
    public async Task A_link_answers_its_own_alert_only_and_another_key_makes_none()
    {
        var account = Tx.NewAccount();
        var (one, other) = (await _client.AlertAsync(account, "t-1"), await _client.AlertAsync(account, "t-2"));
        Assert.Equal(HttpStatusCode.OK, (await _client.AnswerAsync(TokenOf(one), "confirmed")).Status);
        (await _engine.GetAsync($"/v1/alerts/{other}/response")).Problem(404, "not-answered");
        var forged = new AlertLinks(new byte[AlertLinks.KeyBytes]).Make(other, long.MaxValue);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.AnswerAsync(forged, "denied")).Status);
        (await _engine.GetAsync($"/v1/alerts/{other}/response")).Problem(404, "not-answered");
    }

    [Fact]
    public async Task A_link_expires()
    {
        var alert = await _client.AlertAsync(Tx.NewAccount(), "t");
        var token = TokenOf(alert);
        _engine.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal((HttpStatusCode.OK, "Was this you?"), Title(await _client.ShowAsync(token)));
        _engine.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal((HttpStatusCode.Gone, "This link has expired."), Title(await _client.ShowAsync(token)));
        Assert.Equal((HttpStatusCode.Gone, "This link has expired."), Title(await _client.AnswerAsync(token, "denied")));
        (await _engine.GetAsync($"/v1/alerts/{alert}/response")).Problem(404, "not-answered");
    }

    [Fact]
    public async Task Only_its_own_form_is_taken()
    {
        var alert = await _client.AlertAsync(Tx.NewAccount(), "t");
        var token = TokenOf(alert);
        foreach (var (name, value) in new[]
        {
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://elsewhere.example"), ("Origin", $"http://127.0.0.1:{_engine.Address.Port + 1}"),
        })
        {
            Assert.Equal((HttpStatusCode.Forbidden, "Please open the link again."), Title(await _client.AnswerAsync(token, "denied", (name, value))));
        }

        foreach (var (body, type) in new[]
        {
            ("", "application/x-www-form-urlencoded"), ("answer=", "application/x-www-form-urlencoded"), ("answer=maybe", "application/x-www-form-urlencoded"),
            ("answer=denied&answer=confirmed", "application/x-www-form-urlencoded"), (new string('a', 5000), "application/x-www-form-urlencoded"),
            ("answer=denied", "text/plain"), ("""{"answer":"denied"}""", "application/json"),
        })
        {
            Assert.Equal((HttpStatusCode.BadRequest, "Please choose an answer."), Title(await _client.SendAsync("POST", $"/respond/{token}", body, type)));
        }

        (await _engine.GetAsync($"/v1/alerts/{alert}/response")).Problem(404, "not-answered");
        Assert.Equal(HttpStatusCode.OK, (await _client.AnswerAsync(token, "denied", ("Sec-Fetch-Site", "same-origin"), ("Origin", "null"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.AnswerAsync(token, "denied", ("Origin", _engine.Address.GetLeftPart(UriPartial.Authority)))).Status);
        Assert.Equal(HttpStatusCode.OK, (await _client.AnswerAsync(token, "denied", ("Origin", "null"))).Status);
    }

    [Fact]
    public async Task It_is_shut_off_from_other_pages_and_kept_nowhere()
    {
        foreach (var token in new[] { TokenOf(await _client.AlertAsync(Tx.NewAccount(), "t")), "forged" })
        {
            using var response = await _engine.Client.GetAsync($"/respond/{token}");
            var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.Matches("^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$", policy);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
            Assert.False(response.Headers.Contains("Set-Cookie"));
            Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            var page = await response.Content.ReadAsStringAsync();
            var style = Regex.Match(page, "<style>(.*)</style>", RegexOptions.Singleline).Groups[1].Value;
            Assert.Contains(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style))), policy, StringComparison.Ordinal);
            Assert.DoesNotContain("http", page, StringComparison.Ordinal);
            Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_alert_of_an_activity_has_no_page()
    {
        var account = Tx.NewAccount();
        await _client.SendAsync("PUT", $"/v1/accounts/{account}/preferences", """{"language":"en","activity":[{"id":"payment-above","chosen":100}]}""");
        Assert.True(AlertId.TryParse((await _engine.PostAsync(Tx.Json(account, "t", ("amount", "200")))).Json.GetProperty("alertId").GetString()!, out var alert));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.ShowAsync(TokenOf(alert))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.AnswerAsync(TokenOf(alert), "denied")).Status);
    }

    private static (HttpStatusCode Status, string Title) Title(Reply reply)
    {
        Assert.Equal("text/html; charset=utf-8", reply.ContentType);
        return (reply.Status, WebUtility.HtmlDecode(Regex.Match(reply.Body, "<h1>(.*)</h1>").Groups[1].Value));
    }

    private string TokenOf(AlertId alert) => _links.Make(alert, _engine.Clock.Now.AddDays(3).Ticks);
}

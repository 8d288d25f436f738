using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Egress.Mail;

/// <summary>The engine as a process, configured as the example says, and a mail server that speaks TLS and asks for a login.</summary>
public sealed class EmailEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public EmailEngineTests()
    {
        Directory.CreateDirectory(_folder.PathOf("config"));
        File.Copy(Path.Combine(Repository.Root, "config", "examples", "email.json"), _folder.PathOf(Path.Combine("config", "engine.json")));
        _folder.Write("rules.yaml", RunningEngine.Rules);
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [SmtpFact]
    public async Task A_burst_is_one_message_and_the_hours_limit_holds_but_for_what_is_urgent()
    {
        using var server = await MailServer.StartAsync(login: true, tls: true);
        using var engine = await StartAsync(server, perHourMax: 1);
        await PreferAsync(engine, "a", "ann@example.com");

        var burst = await RaiseAsync(engine, "a", 1, 10, amount: 1000);
        await Eventually.ThatAsync(() => server.Mails.Count == 1, "the burst arrived");
        var mail = server.Mails[0];
        Assert.StartsWith("X-Secure: yes\r\nX-Login: alerts\r\nX-To: ann@example.com\r\n", mail);
        Assert.Matches($"(?mi)^Message-ID: <{burst[0]}-10@example.com>\r$", mail);
        Assert.Contains("https://alerts.example.com/respond/", MailServer.Decode(mail));

        // One more waits for the hour to be over, and is carried by one that does not.
        var limited = await RaiseAsync(engine, "a", 11, 1, amount: 1000);
        await Eventually.ThatAsync(async () => await StateAsync(engine, limited[0]) == "waiting", "it waits", TimeSpan.FromSeconds(20));
        await RaiseAsync(engine, "a", 12, 1, amount: 5000);
        await Eventually.ThatAsync(() => server.Mails.Count == 2, "what is urgent arrived");

        Assert.Matches($"(?mi)^Message-ID: <{limited[0]}-2@example.com>\r$", server.Mails[1]);
        await Eventually.ThatAsync(async () => await StateAsync(engine, limited[0]) == "delivered", "it is delivered", TimeSpan.FromSeconds(20));
        Assert.Equal("grouped", await StateAsync(engine, burst[9]));
        await engine.StopAsync();
    }

    [SmtpFact]
    public async Task Neither_the_log_nor_what_is_stored_of_a_failure_says_the_address()
    {
        using var server = await MailServer.StartAsync(login: true, tls: true);
        using var engine = await StartAsync(server, perHourMax: 6);
        await PreferAsync(engine, "a", "refuse@example.com");
        await PreferAsync(engine, "b", "busy@example.com");

        var refused = (await RaiseAsync(engine, "a", 1, 1, amount: 5000))[0];
        var busy = (await RaiseAsync(engine, "b", 2, 1, amount: 5000))[0];
        await Eventually.ThatAsync(async () => await StateAsync(engine, refused) == "dead", "it was given up", TimeSpan.FromSeconds(20));
        await Eventually.ThatAsync(async () => (await DeliveriesAsync(engine, busy)).Contains("(451)", StringComparison.Ordinal), "it was tried", TimeSpan.FromSeconds(20));

        var stored = await DeliveriesAsync(engine, refused);
        Assert.Contains("The server refuses the address (550).", stored);
        Assert.DoesNotContain("@", stored + await DeliveriesAsync(engine, busy));
        await engine.StopAsync();
        Assert.Contains("(550)", engine.Output);
        Assert.DoesNotContain("@example.com", engine.Output);
        Assert.DoesNotContain("secret", engine.Output);
        Assert.Empty(server.Mails);
    }

    private static async Task<string> StateAsync(EngineProcess engine, string alert)
    {
        using var json = JsonDocument.Parse(await DeliveriesAsync(engine, alert));
        var deliveries = json.RootElement.GetProperty("deliveries");
        return deliveries.GetArrayLength() == 0 ? "" : deliveries[0].GetProperty("state").GetString()!;
    }

    private static Task<string> DeliveriesAsync(EngineProcess engine, string alert) => engine.GetAsync($"/v1/alerts/{alert}/deliveries");

    private Task<EngineProcess> StartAsync(MailServer server, int perHourMax) => EngineProcess.StartAsync(
        ("SSL_CERT_FILE", server.Certificate), _folder.PathOf(""), EngineProcess.FreePort(), "--Storage:ConnectionString", _folder.PathOf("data"),
        "--Rules:Path", _folder.PathOf("rules.yaml"), "--Email:Host", "localhost", "--Email:Port", server.Port.ToString(CultureInfo.InvariantCulture),
        "--Email:Password", "secret", "--Email:GroupWait", "00:00:01", "--Email:PerHourMax", perHourMax.ToString(CultureInfo.InvariantCulture));

    private async Task PreferAsync(EngineProcess engine, string account, string email)
    {
        using var content = new StringContent($$"""{"language":"en","email":"{{email}}"}""", Encoding.UTF8, "application/json");
        using var response = await _client.PutAsync(new Uri($"{engine.Url}/v1/accounts/{account}/preferences"), content);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Created, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The alerts' ids.</summary>
    private async Task<string[]> RaiseAsync(EngineProcess engine, string account, int from, int count, int amount)
    {
        var lines = Enumerable.Range(from, count).Select(i => Tx.Json(account, $"t{i}", ("amount", amount.ToString(CultureInfo.InvariantCulture))));
        using var content = new StringContent(string.Join('\n', lines));
        content.Headers.ContentType = new("application/x-ndjson");
        using var response = await _client.PostAsync(new Uri(engine.Url + "/v1/transactions"), content);
        var answers = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. answers.Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("alertId").GetString()!)];
    }
}

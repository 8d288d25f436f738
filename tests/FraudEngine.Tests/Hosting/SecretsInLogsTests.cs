using System.Text;
using FraudEngine.Domain;
using FraudEngine.Hosting;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Hosting;

/// <summary>What an engine prints, however much it is asked to, has neither a customer's link nor an address in it.</summary>
public sealed class SecretsInLogsTests : IDisposable
{
    private static readonly HttpClient Client = new();
    private readonly string _directory = Directory.CreateTempSubdirectory("secrets-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("Information")]
    [InlineData("Trace")]
    public async Task Neither_tokens_nor_addresses_are_printed(string level)
    {
        const string address = "secret-address@example.com";
        var rules = Path.Combine(_directory, "all.yaml");
        await File.WriteAllTextAsync(rules, RunningEngine.Rules);
        string token;
        using (var first = await StartAsync(rules, level))
        {
            await SendAsync(first, "PUT", "/v1/accounts/secret-account/preferences", $$"""{"language":"en","email":"{{address}}"}""");
            await SendAsync(first, "PUT", "/v1/accounts/secret-account/preferences", $$"""{"language":"en","email":"{{address}}\n"}""");
            var now = DateTime.UtcNow.AddMinutes(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
            await SendAsync(first, "POST", "/v1/transactions", Tx.Json("secret-account", "t", ("amount", "6000"), ("timestamp", $"\"{now}\"")));
            await first.StopAsync();
            Assert.DoesNotContain("secret-a", first.Output, StringComparison.Ordinal);
        }

        await using (var journal = await JournalStart.OpenAsync(new StorageOptions { ConnectionString = Path.Combine(_directory, "data") }, "test", TimeProvider.System))
        {
            var alert = Assert.Single(await journal.ReadAlertsAsync(null, 0, 10));
            token = CustomerStart.LinksOf(journal).Make(AlertId.Of(alert.Transaction), DateTime.UtcNow.AddDays(1).Ticks);
        }

        using (var second = await StartAsync(rules, level))
        {
            await SendAsync(second, "GET", $"/respond/{token}", null);
            await SendAsync(second, "GET", $"/respond/{token}/more?{token}", null);
            await SendAsync(second, "DELETE", $"/respond/{token}", null);
            await SendAsync(second, "POST", $"/respond/{token}", "answer=maybe", "application/x-www-form-urlencoded");
            await SendAsync(second, "POST", $"/respond/{token}", "answer=denied", "application/x-www-form-urlencoded");
            await second.StopAsync();
            Assert.DoesNotContain(token, second.Output, StringComparison.Ordinal);
            Assert.DoesNotContain(token[..30], second.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-a", second.Output, StringComparison.Ordinal);
        }
    }

    private Task<EngineProcess> StartAsync(string rules, string level) => EngineProcess.StartAsync(
        _directory, EngineProcess.FreePort(), "--Rules:Path", rules, "--Logging:LogLevel:Default", level, "--Logging:LogLevel:Microsoft", level);

    private static async Task SendAsync(EngineProcess engine, string method, string path, string? body, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), engine.Url + path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        }

        using var response = await Client.SendAsync(request);
    }
}

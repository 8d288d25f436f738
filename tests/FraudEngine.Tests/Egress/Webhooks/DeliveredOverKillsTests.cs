using System.Globalization;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.Ingress;
using Microsoft.AspNetCore.Http;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>The engine as a process that is killed, and a receiver that misbehaves: every alert arrives, those of an account in their order.</summary>
[Collection(Alone.Name)]
public sealed class DeliveredOverKillsTests : IAsyncLifetime, IDisposable
{
    private const int Accounts = 200;
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(5) };
    private Receiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await Receiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_alert_arrives_in_the_order_of_its_account_whatever_happens()
    {
        var alerts = Soak.Times(2_000, 100_000);
        var kills = Soak.Times(2, 5);
        var chance = new Random(7);
        _receiver.Answer = context => MisbehaveAsync(context, chance);
        await File.WriteAllTextAsync(_folder.PathOf("rules.yaml"), RunningEngine.Rules);
        var port = EngineProcess.FreePort();
        var raised = new List<string>();
        var output = "";
        for (var life = 0; life <= kills; life++)
        {
            using var engine = await StartAsync(port);
            raised.AddRange(await RaiseAsync(engine, raised.Count, life == kills ? alerts - raised.Count : alerts / (kills + 1)));
            if (life == kills)
            {
                await Eventually.ThatAsync(() => Task.FromResult(_receiver.Count >= alerts), "all alerts have arrived", TimeSpan.FromMinutes(10));
                await EndsStoredAsync(engine, alerts);
                await engine.StopAsync();
            }
            else
            {
                var enough = (int)(raised.Count * 0.8);
                await Eventually.ThatAsync(() => Task.FromResult(_receiver.Count >= enough), $"{enough} alerts have arrived", TimeSpan.FromMinutes(10));
                engine.Kill();
                if (life == 0)
                {
                    // The receiver is away for a while as well.
                    await _receiver.StopAsync();
                    await _receiver.ListenAsync();
                }
            }

            output += engine.Output;
        }

        Assert.Equal(alerts, raised.Distinct().Count());
        Assert.Equal(raised.Order(), _receiver.Accepted.Select(static received => received.Id).Distinct().Order());
        AssertOrder();
        Assert.All(_receiver.Accepted.Take(1000), static received => Assert.True(SpecVerifier.Holds(Secret, received)));
        Assert.DoesNotContain(_receiver.Url, output, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret[6..], output, StringComparison.Ordinal);
        Console.WriteLine($"{alerts} alerts, {kills} kills: {_receiver.All.Count} requests, {_receiver.Accepted.Count - alerts} repeated.");
    }

    private static async Task MisbehaveAsync(HttpContext context, Random chance)
    {
        int dice;
        lock (chance)
        {
            dice = chance.Next(100);
        }

        if (dice < 5)
        {
            context.Abort();
            return;
        }

        if (dice < 8)
        {
            await Task.Delay(30);
        }

        context.Response.StatusCode = dice is >= 8 and < 23 ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK;
    }

    private Task<EngineProcess> StartAsync(int port) => EngineProcess.StartAsync(
        _folder.PathOf("."), port, "--Storage:ConnectionString", _folder.PathOf("data"), "--Rules:Path", _folder.PathOf("rules.yaml"), "--Webhooks:AllowPrivate", "true",
        "--Webhooks:Endpoints:bank:Url", _receiver.Url, "--Webhooks:Endpoints:bank:Secret", Secret);

    /// <summary>Decides as many transactions that raise an alert; returns the alerts' ids.</summary>
    private async Task<List<string>> RaiseAsync(EngineProcess engine, int from, int count)
    {
        var lines = Enumerable.Range(from, count).Select(i => Tx.Json($"a{i % Accounts}", $"t{i.ToString("D7", CultureInfo.InvariantCulture)}", ("amount", "1000")));
        using var content = new StringContent(string.Join('\n', lines));
        content.Headers.ContentType = new("application/x-ndjson");
        using var response = await _client.PostAsync(new Uri(engine.Url + "/v1/transactions"), content);
        var answers = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. answers.Select(static line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("alertId").GetString()!)];
    }

    private static async Task EndsStoredAsync(EngineProcess engine, int alerts)
    {
        string webhooks = "";
        await Eventually.ThatAsync(
            async () => (webhooks = await engine.GetAsync("/v1/webhooks")).Contains($"\"waiting\":0,\"delivered\":{alerts},\"dead\":0", StringComparison.Ordinal),
            $"all is stored as delivered ({webhooks})", TimeSpan.FromSeconds(30));
    }

    /// <summary>The first time that an alert was accepted comes before the first time of the next of its account.</summary>
    private void AssertOrder()
    {
        foreach (var account in _receiver.Accepted.GroupBy(static received => received.Account))
        {
            var first = account.OrderBy(static received => received.Order).Select(static received => received.Transaction).Distinct().ToList();
            Assert.Equal(first.Order(StringComparer.Ordinal), first);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using FraudEngine.Tests.Hosting;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>How long an alert takes from its answer to its receiver, and that none is lost meanwhile. The figures are printed; only the number of alerts is a gate.</summary>
[Collection(Alone.Name)]
public sealed class DeliverySpeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Alerts_reach_their_receiver_while_others_are_raised()
    {
        var seconds = Soak.Times(2, 20);
        const int perSecond = 1000;
        await using var receiver = await Receiver.StartAsync();
        await File.WriteAllTextAsync(_folder.PathOf("rules.yaml"), RunningEngine.Rules);
        using var engine = await EngineProcess.StartAsync(
            _folder.PathOf("."), EngineProcess.FreePort(), "--Storage:ConnectionString", _folder.PathOf("data"), "--Rules:Path", _folder.PathOf("rules.yaml"),
            "--Webhooks:AllowPrivate", "true", "--Webhooks:Endpoints:bank:Url", receiver.Url, "--Webhooks:Endpoints:bank:Secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        var answered = new Dictionary<string, long>();
        const int part = 20;
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < seconds * perSecond; i += part)
        {
            var ahead = TimeSpan.FromSeconds((double)i / perSecond) - watch.Elapsed;
            if (ahead > TimeSpan.Zero)
            {
                await Task.Delay(ahead);
            }

            var lines = Enumerable.Range(i, part).Select(n => Tx.Json($"a{n % 997}", $"t{n.ToString(CultureInfo.InvariantCulture)}", ("amount", "1000")));
            using var content = new StringContent(string.Join('\n', lines));
            content.Headers.ContentType = new("application/x-ndjson");
            using var response = await _client.PostAsync(new Uri(engine.Url + "/v1/transactions"), content);
            var answers = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var at = Stopwatch.GetTimestamp();
            foreach (var line in answers)
            {
                answered[System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("alertId").GetString()!] = at;
            }
        }

        var rate = answered.Count / watch.Elapsed.TotalSeconds;
        await Eventually.ThatAsync(() => receiver.Count == seconds * perSecond, "all alerts have arrived");
        var delays = receiver.Accepted.Select(received => Stopwatch.GetElapsedTime(answered[received.Id], received.At).TotalMilliseconds).Order().ToList();
        Console.WriteLine(FormattableString.Invariant(
            $"{delays.Count} alerts at {rate:0}/s: from the answer to the receiver p50 {delays[delays.Count / 2]:0.0} ms, p99 {delays[delays.Count * 99 / 100]:0.0} ms, max {delays[^1]:0.0} ms."));
        Assert.Equal(answered.Count, delays.Count);
        await engine.StopAsync();
    }
}

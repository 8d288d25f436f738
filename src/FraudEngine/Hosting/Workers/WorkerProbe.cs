using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FraudEngine.Hosting.Workers;

/// <summary>Asks workers, each at its own address, how they are.</summary>
internal sealed partial class WorkerProbe : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _client;
    private readonly TimeProvider _clock;

    public WorkerProbe(TimeProvider clock)
    {
        _clock = clock;
        _client = new HttpClient { Timeout = Patience };

        // No connection is kept, so that none of these holds up a worker that wants to stop.
        _client.DefaultRequestHeaders.ConnectionClose = true;
    }

    /// <summary>Ends when the worker can decide (true), or has ended (false).</summary>
    public async Task<bool> UntilReadyAsync(Uri ownUrl, Task exited)
    {
        while (!exited.IsCompleted)
        {
            if (await ReadAsync(ownUrl, "/health/ready") is not null)
            {
                return true;
            }

            await Task.WhenAny(exited, Task.Delay(Pace, _clock));
        }

        return false;
    }

    /// <summary>What a worker has decided since its start, and has in flight; null where it does not answer.</summary>
    public async Task<(long Decided, long InFlight)?> MeasureAsync(Uri ownUrl) => await ReadAsync(ownUrl, "/metrics") is { } text
        ? (Sum(Decisions(), text), Sum(InFlight(), text))
        : null;

    /// <summary>How many shards each node owns, as one of them sees it; empty where that is not known.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ShardsAsync(Uri ownUrl)
    {
        var shards = new Dictionary<string, int>();
        if (await ReadAsync(ownUrl, "/v1/cluster") is { } text)
        {
            using var cluster = JsonDocument.Parse(text);
            foreach (var member in cluster.RootElement.GetProperty("members").EnumerateArray())
            {
                shards[member.GetProperty("name").GetString()!] = member.GetProperty("shards").GetArrayLength();
            }
        }

        return shards;
    }

    public void Dispose() => _client.Dispose();

    private static long Sum(Regex numbers, string text) => numbers.Matches(text).Sum(static match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    private async Task<string?> ReadAsync(Uri ownUrl, string path)
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(ownUrl, path));
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : null;
        }
        catch (Exception reason) when (reason is HttpRequestException or OperationCanceledException or IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^fraudengine_decisions_total(?:\{.*\})? (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Decisions();

    [GeneratedRegex(@"^fraudengine_in_flight (\d+)$", RegexOptions.Multiline)]
    private static partial Regex InFlight();
}

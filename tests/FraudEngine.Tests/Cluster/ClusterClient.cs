using System.Net;
using System.Text.Json;

namespace FraudEngine.Tests.Cluster;

/// <summary>HTTP as the tests of the cluster use it.</summary>
internal static class ClusterClient
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2), UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Whether this is how a request fails where a node, or the way to it, is gone.</summary>
    public static bool IsLoss(Exception reason) => reason is HttpRequestException or IOException or OperationCanceledException;

    public static Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);

    public static async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, string? body = null, string mediaType = "application/json")
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, mediaType);
        }

        return await Client.SendAsync(request, patience.Token);
    }

    /// <summary>What it answers; null where it does not, within two seconds, or not with success.</summary>
    public static async Task<string?> TryGetAsync(string url)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            using var response = await Client.GetAsync(new Uri(url), patience.Token);
            return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync(patience.Token) : null;
        }
        catch (Exception reason) when (IsLoss(reason))
        {
            return null;
        }
    }

    public static async Task<ClusterState?> TryGetStateAsync(string url) =>
        await TryGetAsync(url + "/v1/cluster") is { } json ? ClusterState.Read(json) : null;
}

/// <summary>What a node says of the cluster.</summary>
/// <param name="Lives">The ids of the present lives of the nodes, by their names.</param>
/// <param name="Owners">By shard.</param>
internal sealed record ClusterState(string Node, bool IsReady, IReadOnlyDictionary<string, string> Lives, IReadOnlyList<string?> Owners)
{
    public static ClusterState Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        return new ClusterState(
            root.GetProperty("node").GetString()!,
            root.GetProperty("ready").GetBoolean(),
            root.GetProperty("members").EnumerateArray().ToDictionary(static member => member.GetProperty("name").GetString()!, static member => member.GetProperty("life").GetString()!),
            [.. root.GetProperty("owners").EnumerateArray().Select(static owner => owner.GetString())]);
    }

    /// <summary>Whether these nodes, and no others, own every shard, and none owns more than one more than another.</summary>
    public bool IsEven(IReadOnlyCollection<string> nodes)
    {
        var counts = nodes.Select(node => Owners.Count(owner => owner == node)).ToList();
        return IsReady && counts.Sum() == Owners.Count && counts.Max() - counts.Min() <= 1;
    }
}

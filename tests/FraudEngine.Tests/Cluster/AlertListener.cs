namespace FraudEngine.Tests.Cluster;

/// <summary>One client of a node's live stream of alerts.</summary>
internal sealed class AlertListener : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<string> _ids = [];
    private readonly Task _running;
    private volatile bool _isListening;

    /// <param name="after">The last alert that was seen, here or at another node; null to begin with the next.</param>
    public AlertListener(string url, string? after = null) => _running = RunAsync(url, after);

    /// <summary>The alerts in the order in which they came.</summary>
    public IReadOnlyList<string> Ids
    {
        get
        {
            lock (_ids)
            {
                return [.. _ids];
            }
        }
    }

    public Task UntilListeningAsync() => Eventually.ThatAsync(() => _isListening || _running.IsCompleted, "the stream of alerts began");

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync(string url, string? after)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url + "/v1/alerts/stream");
        if (after is not null)
        {
            request.Headers.Add("Last-Event-ID", after);
        }

        using var response = await ClusterClient.SendAsync(request, _ending.Token);
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(_ending.Token));
        var (id, isAlert) = ("", false);
        while (await lines.ReadLineAsync(_ending.Token) is { } line)
        {
            _isListening = true;
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
            isAlert |= line == "event: alert";
            if (line.Length == 0 && isAlert)
            {
                isAlert = false;
                lock (_ids)
                {
                    _ids.Add(id);
                }
            }
        }
    }
}

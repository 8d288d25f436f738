using System.Net;
using System.Text.Json;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Egress;

/// <summary>One event as it came: its id, its name, and its data.</summary>
internal sealed record AlertEvent(string Id, string Name, string Data)
{
    public JsonElement Json => JsonDocument.Parse(Data).RootElement;

    public string TransactionId => Json.GetProperty("transactionId").GetString()!;
}

/// <summary>A client of the live stream that reads server-sent events as the WHATWG standard says, and remembers the last id.</summary>
internal sealed class AlertClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private AlertClient(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _lines = new StreamReader(body);
    }

    public string LastId { get; private set; } = "";

    public string? ContentType => _response.Content.Headers.ContentType?.ToString();

    public static async Task<AlertClient> ConnectAsync(RunningEngine engine, string? lastId = null, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/alerts/stream" + query);
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        var response = await engine.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var client = new AlertClient(response, await response.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 1000", await client.ReadLineAsync("the retry field"));
        await client.ReadIdAsync();
        return client;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }

    public async Task<AlertEvent> ReadAsync(string what = "an alert")
    {
        var id = await ReadLineAsync(what);
        var name = await ReadLineAsync(what);
        var data = await ReadLineAsync(what);
        Assert.Equal("", await ReadLineAsync(what));
        Assert.StartsWith("id: ", id, StringComparison.Ordinal);
        Assert.StartsWith("event: ", name, StringComparison.Ordinal);
        Assert.StartsWith("data: ", data, StringComparison.Ordinal);
        LastId = id[4..];
        return new AlertEvent(LastId, name[7..], data[6..]);
    }

    public async Task<List<AlertEvent>> ReadAsync(int count)
    {
        var events = new List<AlertEvent>(count);
        while (events.Count < count)
        {
            events.Add(await ReadAsync($"alert {events.Count + 1} of {count}"));
        }

        return events;
    }

    public async Task<string> ReadLineAsync(string what)
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            return await _lines.ReadLineAsync(late.Token) ?? throw new EndOfStreamException($"The stream ended before {what}.");
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds} s in vain for {what}.");
        }
    }

    private async Task ReadIdAsync()
    {
        LastId = (await ReadLineAsync("an id to resume from"))["id: ".Length..];
        Assert.Equal("", await ReadLineAsync("the end of the first event"));
    }
}

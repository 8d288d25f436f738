using System.Text;
using System.Text.Json;

namespace FraudEngine.Tests.Ingress;

/// <summary>Calls about named lists.</summary>
internal sealed class ListClient(RunningEngine engine)
{
    private static int _names;

    /// <summary>A name that no other test has.</summary>
    public static string NewName() => $"list-{Interlocked.Increment(ref _names)}";

    /// <param name="path">The list's name, and the entry where one is meant.</param>
    public Task<Reply> SendAsync(string method, string path, string? body = null, string contentType = "application/json") =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), contentType);

    public async Task<Reply> SendAsync(string method, string path, byte[]? body, string contentType)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/lists/{path}");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        using var response = await engine.Client.SendAsync(request);
        return await Reply.OfAsync(response);
    }

    /// <summary>A whole list, read page by page: its texts, each with its expiry behind an @ where it has one.</summary>
    public async Task<string> ReadAsync(string name, int limit = 1000)
    {
        var entries = new List<string>();
        string? next = null;
        do
        {
            var page = (await engine.GetAsync($"/v1/lists/{name}?limit={limit}{(next is null ? "" : $"&after={Uri.EscapeDataString(next)}")}")).Json;
            entries.AddRange(page.GetProperty("entries").EnumerateArray().Select(Shown));
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);
        return string.Join('|', entries);
    }

    private static string Shown(JsonElement entry) =>
        entry.GetProperty("text").GetString() + (entry.TryGetProperty("expires", out var expires) ? $"@{expires.GetString()}" : "");
}

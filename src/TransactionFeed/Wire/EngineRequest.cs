using System.Text.Json;
using TransactionFeed.CommandLine;
using TransactionFeed.Replay;

namespace TransactionFeed.Wire;

/// <summary>A single request to an engine, which is not repeated.</summary>
internal static class EngineRequest
{
    /// <summary>Sends a request; whatever isn't an answer is said in a line for the user.</summary>
    public static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpRequestMessage request, EngineAddress engine, CancellationToken stop)
    {
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(request, stop);
        }
        catch (HttpRequestException e)
        {
            throw FeedException.Usage($"Nobody answers at {engine} ({e.Message}). Is the engine running?");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw FeedException.Failed($"{engine} did not answer in {client.Timeout.TotalSeconds:0} s.");
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        var text = await response.Content.ReadAsStringAsync(stop);
        response.Dispose();
        throw FeedException.Failed($"{engine} answered {(int)response.StatusCode}: {Explain(text)}");
    }

    /// <summary>What was wrong; of rules, each error with its place.</summary>
    private static string Explain(string problem)
    {
        try
        {
            using var json = JsonDocument.Parse(problem);
            if (json.RootElement.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array)
            {
                return string.Join('\n', errors.EnumerateArray().Select(error => $"{error.GetProperty("line")}:{error.GetProperty("column")}: {error.GetProperty("message")}"));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // It is no problem document of that kind.
        }

        return ProblemText.Of(problem);
    }
}

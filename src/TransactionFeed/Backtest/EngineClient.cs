using TransactionFeed.Wire;

namespace TransactionFeed.Backtest;

/// <summary>Asks an engine what a backtest has to know of it.</summary>
internal static class EngineClient
{
    /// <summary>The YAML of the rule set in force.</summary>
    public static async Task<string> ReadRulesAsync(EngineAddress engine, CancellationToken stop)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, engine.UriOf("v1/rules"));
        request.Headers.Accept.ParseAdd("application/yaml");
        using var response = await EngineRequest.SendAsync(client, request, engine, stop);
        return await response.Content.ReadAsStringAsync(stop);
    }
}

using System.Text;
using System.Text.Json;
using TransactionFeed.CommandLine;
using TransactionFeed.Reports;
using TransactionFeed.Wire;

namespace TransactionFeed.Watch;

/// <summary>Answers alerts for the customer: <c>POST /v1/alerts/{id}/response</c>.</summary>
/// <param name="by">Who says so.</param>
internal sealed class AlertAnswers(EngineAddress engine, string by) : IDisposable
{
    public const string Confirmed = "confirmed";
    public const string Denied = "denied";

    private readonly HttpClient _client = new();
    private bool _isOver;

    /// <summary>Asks the user whether it was the customer, and answers so; does nothing more once there is nothing to read. What the engine refuses is said.</summary>
    public async Task AskAsync(string alertId, FeedConsole console, CancellationToken stop)
    {
        while (!_isOver)
        {
            var line = await console.AskAsync("Was it the customer? [y]es, [n]o, Enter for later: ", stop);
            _isOver = line is null;
            switch (line?.Trim().ToLowerInvariant())
            {
                case null or "":
                    return;
                case "y" or "yes":
                    await TrySendAsync(alertId, Confirmed, console, stop);
                    return;
                case "n" or "no":
                    await TrySendAsync(alertId, Denied, console, stop);
                    return;
            }
        }
    }

    /// <summary>Answers, and says what came of it. Throws <see cref="FeedException"/> where the engine refuses.</summary>
    public async Task<string> SendAsync(string alertId, string response, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, engine.UriOf($"v1/alerts/{Uri.EscapeDataString(alertId)}/response"));
        request.Content = new StringContent(JsonSerializer.Serialize(new { response, by }), Encoding.UTF8, "application/json");
        using var answer = await EngineRequest.SendAsync(_client, request, engine, stop);
        return response == Denied
            ? "Denied: the payment is labelled as fraud, the account is held, and there is a case for the analysts."
            : "Confirmed: the payment is labelled genuine, and payments like it raise no alert for a time.";
    }

    public void Dispose() => _client.Dispose();

    private async Task TrySendAsync(string alertId, string response, FeedConsole console, CancellationToken stop)
    {
        try
        {
            console.Say(await SendAsync(alertId, response, stop));
        }
        catch (FeedException refused)
        {
            console.Say(refused.Message);
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress;

/// <summary><c>GET /v1/alerts</c>, paged, and <c>GET /v1/alerts/stream</c>, live.</summary>
public static class AlertEndpoints
{
    private const int PageDefault = 100;
    private const int PageMax = 1000;

    internal static void Map(IEndpointRouteBuilder routes, IJournal journal, AlertStream stream)
    {
        routes.MapGet("/v1/alerts", context => AnswerAsync(context, () => GetPage(context, journal)));
        routes.MapGet("/v1/alerts/stream", context => AnswerAsync(context, () => stream.Handle(context)));
    }

    /// <summary>Answers that a client can't go on after an alert that the outbox does not have.</summary>
    internal static Task WriteUnknownAlert(HttpContext context, string id) =>
        ProblemAnswer.WriteAsync(
            context, StatusCodes.Status400BadRequest, "unknown-alert", "Unknown alert",
            $"There is no alert with the id '{id}'. Give the id of an alert of this engine, or 0 to begin with the first.");

    /// <summary>Answers that no more clients can listen now.</summary>
    internal static Task WriteTooManySubscribers(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "10";
        return ProblemAnswer.WriteAsync(
            context, StatusCodes.Status503ServiceUnavailable, "too-many-subscribers", "Too many subscribers",
            "As many clients listen for alerts as may (Egress:SubscribersMax). Try again later, or read GET /v1/alerts.");
    }

    /// <summary>Where the journal can't be read, this is said; a stream that is open ends, and its client goes on later after the last alert that it has.</summary>
    private static async Task AnswerAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (IOException) when (!context.Response.HasStarted)
        {
            context.Response.Headers.RetryAfter = "1";
            await ProblemAnswer.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Unavailable", "The alerts can't be read now. Try again a little later.");
        }
        catch (IOException)
        {
            context.Abort();
        }
    }

    private static async Task GetPage(HttpContext context, IJournal journal)
    {
        var limit = PageDefault;
        if (context.Request.Query["limit"].FirstOrDefault() is { } text
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > PageMax))
        {
            await ProblemAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, "invalid-query", "Invalid query", $"limit must be a whole number from 1 to {PageMax}.");
            return;
        }

        var after = context.Request.Query["after"].FirstOrDefault() is { Length: > 0 } given ? given : "0";
        if (await AlertPosition.FindAsync(journal, after) is not { } position)
        {
            await WriteUnknownAlert(context, after);
            return;
        }

        var account = context.Request.Query["account"].FirstOrDefault();
        var alerts = await journal.ReadAlertsAsync(account is null ? null : Encoding.UTF8.GetBytes(account), position, limit + 1);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WriteStartArray("alerts");
        foreach (var alert in alerts.Take(limit))
        {
            AlertJson.Write(json, alert.Transaction, alert.Decision, journal.Catalog);
        }

        json.WriteEndArray();

        // What to give as "after" for the next page; null on the last.
        json.WriteString("next", alerts.Count > limit ? AlertId.Of(alerts[limit - 1].Transaction).ToString() : null);
        json.WriteEndObject();
    }
}

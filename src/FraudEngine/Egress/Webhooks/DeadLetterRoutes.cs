using System.Globalization;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Egress.Delivery;

namespace FraudEngine.Egress.Webhooks;

/// <summary><c>/v1/webhooks/{name}/dead</c>: what could not be delivered, and sending it again.</summary>
internal sealed class DeadLetterRoutes(WebhookBook book, DeadLetters letters)
{
    private const int PageDefault = 100;
    private const int PageMax = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/webhooks/{name}/dead", Of(GetPageAsync));
        routes.MapPost("/v1/webhooks/{name}/dead/retry", Of(RetryAllAsync));
        routes.MapPost("/v1/webhooks/{name}/dead/{alertId}/retry", Of(RetryAsync));
    }

    private RequestDelegate Of(Func<HttpContext, WebhookEndpoint, Task> answer) => ProblemAnswer.Guarded(context =>
        book.Find(WebhookRoutes.NameOf(context)) is { } endpoint ? answer(context, endpoint) : WebhookProblem.UnknownAsync(context, WebhookRoutes.NameOf(context)));

    private async Task GetPageAsync(HttpContext context, WebhookEndpoint endpoint)
    {
        var limit = PageDefault;
        var after = 0L;
        if ((context.Request.Query["limit"].FirstOrDefault() is { } size
                && (!int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > PageMax))
            || (context.Request.Query["after"].FirstOrDefault() is { } place && !long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out after)))
        {
            await ProblemAnswer.WriteAsync(
                context, StatusCodes.Status400BadRequest, "invalid-query", "Invalid query",
                $"limit must be a whole number from 1 to {PageMax}, and after what next of the page before has said.");
            return;
        }

        var dead = await letters.ReadAsync(endpoint.Channel, after, limit + 1);
        await DeliveryJson.WriteAsync(context, json =>
        {
            json.WriteStartArray("dead");
            foreach (var letter in dead.Take(limit))
            {
                json.WriteStartObject();
                json.WriteString("alertId", letter.Alert.ToString());
                json.WriteString("accountId", Encoding.UTF8.GetString(letter.AccountId));
                DeliveryJson.Write(json, letter);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", dead.Count > limit ? dead[limit - 1].Position.ToString(CultureInfo.InvariantCulture) : null);
        });
    }

    private async Task RetryAsync(HttpContext context, WebhookEndpoint endpoint)
    {
        var id = (string)context.Request.RouteValues["alertId"]!;
        if (!AlertId.TryParse(id, out var alert) || !await letters.ResendAsync(endpoint.Channel, alert))
        {
            await ProblemAnswer.WriteAsync(
                context, StatusCodes.Status404NotFound, "unknown-dead-letter", "Unknown dead letter", $"The alert '{id}' is no dead letter of the endpoint '{endpoint.Name}'.");
            return;
        }

        await DeliveryJson.WriteAsync(context, static json => json.WriteNumber("retried", 1));
    }

    private async Task RetryAllAsync(HttpContext context, WebhookEndpoint endpoint)
    {
        var retried = await letters.ResendAllAsync(endpoint.Channel, book.Settings.Delivery);
        await DeliveryJson.WriteAsync(context, json => json.WriteNumber("retried", retried));
    }
}

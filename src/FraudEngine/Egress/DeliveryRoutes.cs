using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress;

/// <summary><c>GET /v1/alerts/{id}/deliveries</c>: what has become of an alert on each channel.</summary>
internal static class DeliveryRoutes
{
    public static void Map(IEndpointRouteBuilder routes, IJournal journal) =>
        routes.MapGet("/v1/alerts/{id}/deliveries", ProblemAnswer.Guarded(context => GetAsync(context, journal)));

    private static async Task GetAsync(HttpContext context, IJournal journal)
    {
        var text = (string)context.Request.RouteValues["id"]!;
        if (!AlertId.TryParse(text, out var id) || await journal.FindAlertAsync(id) is null)
        {
            await ProblemAnswer.WriteAsync(context, StatusCodes.Status404NotFound, "unknown-alert", "Unknown alert", $"There is no alert with the id '{text}'.");
            return;
        }

        var deliveries = await journal.ReadDeliveriesOfAsync(id);
        await DeliveryJson.WriteAsync(context, json =>
        {
            json.WriteStartArray("deliveries");
            foreach (var delivery in deliveries)
            {
                json.WriteStartObject();
                json.WriteString("channel", delivery.Channel);
                DeliveryJson.Write(json, delivery);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}

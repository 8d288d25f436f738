using System.Globalization;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Storage;

namespace FraudEngine.Egress;

/// <summary>Deliveries, and where they go, in JSON.</summary>
internal static class DeliveryJson
{
    /// <summary>Answers with an object whose members are written.</summary>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> writeMembers)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, JsonText.WriterOptions);
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
    }

    /// <summary>Writes the members that say what has become of an alert.</summary>
    public static void Write(Utf8JsonWriter json, Storage.Delivery delivery)
    {
        json.WriteString("state", NameOf(delivery.State));
        json.WriteNumber("attempts", delivery.Attempts);
        json.WriteString("firstAt", Time(delivery.FirstTicks));
        json.WriteString("updatedAt", Time(delivery.UpdatedTicks));
        if (delivery.DueTicks > 0)
        {
            json.WriteString("dueAt", Time(delivery.DueTicks));
        }

        if (delivery.State == DeliveryState.Grouped)
        {
            json.WriteString("messageId", delivery.Message.ToString());
        }

        if (delivery.Problem is { } problem)
        {
            json.WriteString("problem", problem);
        }
    }

    public static string Time(long ticks) => new DateTime(ticks, DateTimeKind.Utc).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string NameOf(DeliveryState state) => state switch
    {
        DeliveryState.None => "none",
        DeliveryState.Waiting => "waiting",
        DeliveryState.Delivered => "delivered",
        DeliveryState.Grouped => "grouped",
        DeliveryState.Dead => "dead",
    };
}

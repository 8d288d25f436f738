using System.Buffers;
using System.Globalization;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Egress.Delivery;

namespace FraudEngine.Egress.Webhooks;

/// <summary>What is sent: a JSON object of <c>type</c>, <c>timestamp</c> and <c>data</c>, as Standard Webhooks advises.</summary>
internal static class WebhookBody
{
    public const string AlertType = "alert.raised";
    public const string TestType = "webhook.test";

    public static byte[] OfAlerts(AlertMessage message, ReasonCatalog catalog, RespondLinks links, DateTimeOffset now)
    {
        var first = message.Alerts[0];
        return Write(AlertType, first.CommittedTicks > 0 ? new DateTimeOffset(first.CommittedTicks, TimeSpan.Zero) : now, json =>
            AlertJson.Write(json, first.Transaction, first.Decision, catalog, () =>
            {
                if (links.UrlOf(first, now) is { } url)
                {
                    json.WriteString("respondUrl", url);
                }

                if (message.Alerts.Count > 1)
                {
                    WriteGroup(json, message, catalog, links, now);
                }
            }));
    }

    public static byte[] OfTest(DateTimeOffset now) => Write(TestType, now, static json =>
    {
        json.WriteStartObject();
        json.WriteEndObject();
    });

    private static void WriteGroup(Utf8JsonWriter json, AlertMessage message, ReasonCatalog catalog, RespondLinks links, DateTimeOffset now)
    {
        json.WriteNumber("count", message.Alerts.Count);
        json.WriteStartArray("alertIds");
        foreach (var alert in message.Alerts)
        {
            json.WriteStringValue(AlertId.Of(alert.Transaction).ToString());
        }

        json.WriteEndArray();
        json.WriteStartArray("others");
        foreach (var alert in message.Alerts.Skip(1))
        {
            AlertJson.Write(json, alert.Transaction, alert.Decision, catalog, () =>
            {
                if (links.UrlOf(alert, now) is { } url)
                {
                    json.WriteString("respondUrl", url);
                }
            });
        }

        json.WriteEndArray();
    }

    private static byte[] Write(string type, DateTimeOffset timestamp, Action<Utf8JsonWriter> writeData)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("timestamp", timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
            json.WritePropertyName("data");
            writeData(json);
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }
}

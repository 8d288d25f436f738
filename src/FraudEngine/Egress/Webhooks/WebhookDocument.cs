using System.Collections.Immutable;
using System.Text.Json;
using FraudEngine.Egress.Delivery;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Webhooks;

/// <summary>An endpoint as its document keeps it. The secrets stand in it as they are: signing needs them.</summary>
internal static class WebhookDocument
{
    public static Document Of(WebhookEndpoint endpoint, long nowTicks) =>
        new(DocumentKind.Webhook, endpoint.Name, Account: "", Status: "", Owner: "", nowTicks, nowTicks, JsonSerializer.SerializeToUtf8Bytes(new Body(
            endpoint.Url.AbsoluteUri,
            [.. endpoint.Keys.Select(static key => new KeyBody(key.Secret, key.UntilTicks))],
            endpoint.Accounts,
            endpoint.WantsFraud,
            endpoint.WantsActivity,
            endpoint.Grouping.Wait.Ticks,
            endpoint.Grouping.PerHourMax,
            endpoint.Grouping.AlertsMax)));

    /// <summary>Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    public static WebhookEndpoint Read(Document document)
    {
        try
        {
            var body = JsonSerializer.Deserialize<Body>(document.Body)!;
            return new WebhookEndpoint(
                document.Key, new Uri(body.Url), [.. body.Keys.Select(static key => new WebhookKey(key.Secret, key.UntilTicks))], body.Accounts, body.Fraud, body.Activity,
                new Grouping(new TimeSpan(body.WaitTicks), body.PerHourMax, body.AlertsMax));
        }
        catch (Exception reason) when (reason is JsonException or UriFormatException or ArgumentNullException or NullReferenceException)
        {
            throw new InvalidDataException($"The stored webhook endpoint '{document.Key}' is damaged.", reason);
        }
    }

    private sealed record Body(
        string Url, ImmutableArray<KeyBody> Keys, WebhookAccounts Accounts, bool Fraud, bool Activity, long WaitTicks, int PerHourMax, int AlertsMax);

    private sealed record KeyBody(string Secret, long UntilTicks);
}

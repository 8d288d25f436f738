using FraudEngine.Egress.Delivery;

namespace FraudEngine.Egress.Webhooks;

/// <summary>What all webhook endpoints have in common.</summary>
/// <param name="AllowPrivate">Whether one may be in the own network, or speak plain HTTP.</param>
/// <param name="Concurrency">Requests under way to one.</param>
internal sealed record WebhookSettings(bool AllowPrivate, int Concurrency, DeliverySettings Delivery);

using FraudEngine.Domain;

namespace FraudEngine.Engine.Changes;

/// <summary>What a customer's response brings about.</summary>
/// <param name="ConfirmedForTicks">How long, from the confirmed payment's event time, payments of its pattern (merchant, country, device) raise no alert; ticks.</param>
/// <param name="HoldOutcome">What further payments get after a denial: review or decline.</param>
public sealed record ResponseTerms(long ConfirmedForTicks, Outcome HoldOutcome);

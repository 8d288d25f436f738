namespace FraudEngine.Domain.Customers;

/// <summary>An account's payments are stopped until it is released.</summary>
/// <param name="Outcome">What they get at least: <see cref="Domain.Outcome.Review"/> or <see cref="Domain.Outcome.Decline"/>.</param>
/// <param name="By">Who has ordered it: <c>customer</c>, or as whoever ordered it said.</param>
/// <param name="AtTicks">When, in UTC ticks of the clock.</param>
public sealed record AccountHold(Outcome Outcome, string By, string Reason, long AtTicks);

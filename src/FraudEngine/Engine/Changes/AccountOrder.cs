using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Engine.Changes;

/// <summary>What is to be changed of an account. The time is taken when it is ordered, so that it is stored the same however often it has to be tried.</summary>
/// <param name="By">Who orders it.</param>
/// <param name="AtTicks">When, in UTC ticks of the clock.</param>
internal abstract record AccountOrder(string By, long AtTicks);

/// <summary>The customer answers the alert of a transaction.</summary>
internal sealed record RespondOrder(byte[] TransactionId, AlertResponse Response, ResponseTerms Terms, string By, long AtTicks) : AccountOrder(By, AtTicks);

/// <param name="Outcome">What payments get at least.</param>
internal sealed record HoldOrder(Outcome Outcome, string Reason, string By, long AtTicks) : AccountOrder(By, AtTicks);

internal sealed record ReleaseOrder(string Reason, string By, long AtTicks) : AccountOrder(By, AtTicks);

/// <summary>The customer has other preferences.</summary>
/// <param name="Activity">The activity alerts among them, by which the account decides.</param>
/// <param name="Body">All of them, as the document keeps them.</param>
/// <param name="IsRemoved">Whether there are to be none: the body is that of none.</param>
internal sealed record PreferencesOrder(ImmutableArray<ChosenActivity> Activity, byte[] Body, bool IsRemoved, string By, long AtTicks) : AccountOrder(By, AtTicks);

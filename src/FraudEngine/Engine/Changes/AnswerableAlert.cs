using FraudEngine.Domain;

namespace FraudEngine.Engine.Changes;

/// <summary>An alert, as whoever answers it has to know it.</summary>
/// <param name="CommittedTicks">When it was raised, in UTC ticks of the clock; 0 where that is not known.</param>
public sealed record AnswerableAlert(AlertId Id, Transaction Transaction, Decision Decision, long CommittedTicks);

/// <summary>What a customer has said to an alert.</summary>
/// <param name="By">Who has said so: <c>customer</c>, or as the caller of the API has said.</param>
/// <param name="AtTicks">When, in UTC ticks of the clock.</param>
public sealed record StoredResponse(AlertResponse Response, string By, long AtTicks);

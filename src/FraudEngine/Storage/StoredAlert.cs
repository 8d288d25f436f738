using FraudEngine.Domain;

namespace FraudEngine.Storage;

/// <summary>An alert in the outbox: its position (ascending in the order of commits) and the decided transaction that raised it.</summary>
/// <param name="CommittedTicks">When it was stored, in UTC ticks of the clock; 0 where that was not kept yet.</param>
public sealed record StoredAlert(long Position, Transaction Transaction, Decision Decision, long CommittedTicks = 0);

/// <summary>What a journal holds.</summary>
public sealed record JournalSize(long Transactions, long Accounts, long Alerts, long Poison, long Labels = 0);

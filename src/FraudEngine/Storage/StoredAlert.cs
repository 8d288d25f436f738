using FraudEngine.Domain;

namespace FraudEngine.Storage;

/// <summary>An alert in the outbox: its position (ascending in the order of commits) and the decided transaction that raised it.</summary>
public sealed record StoredAlert(long Position, Transaction Transaction, Decision Decision);

/// <summary>What a journal holds.</summary>
public sealed record JournalSize(long Transactions, long Accounts, long Alerts, long Poison, long Labels = 0);

namespace FraudEngine.Domain;

/// <summary>
/// Told of each alert once it is durable, in the order of the outbox. The arguments are valid during the call only.
/// </summary>
/// <param name="position">Its position in the outbox, ascending.</param>
public delegate void AlertRaised(long position, Transaction transaction, Decision decision);

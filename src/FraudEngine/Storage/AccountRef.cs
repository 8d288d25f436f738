namespace FraudEngine.Storage;

/// <summary>An account as the journal knows it. One object per resident account, shared by its actor and the batches under way.</summary>
public sealed class AccountRef(byte[] id)
{
    /// <summary>The account's id as UTF-8.</summary>
    public byte[] Id { get; } = id;

    /// <summary>The journal's number for the account; 0 until its first transaction is stored. Only the journal sets it.</summary>
    public long Number { get; internal set; }

    /// <summary>The sequence number of the account's newest stored transaction, which the next one must follow. Only the journal sets it.</summary>
    public long LastSequence { get; internal set; }
}

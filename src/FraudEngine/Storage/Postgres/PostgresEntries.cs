using FraudEngine.Domain;

namespace FraudEngine.Storage.Postgres;

/// <summary>What the journal makes of an account's id.</summary>
internal static class PostgresEntries
{
    /// <summary>What stands in place of the sequence number of a labelled transaction where an entry is neither a transaction nor a label.</summary>
    public const long LabelledOfChange = -1;

    /// <summary>Rows are found by the account's id; a number only says that it is stored.</summary>
    public static long NumberOf(byte[] account) => (long)(Hash64.Of(account) | 1);

    /// <summary>
    /// By what an entry is found by its transaction id. Of the account too: many accounts may number their transactions in the same way, and each of them would
    /// find the others'.
    /// </summary>
    public static long LookupOf(byte[] account, ulong idHash) => (long)Hash64.Of(account, idHash);
}

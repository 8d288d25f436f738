using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage.Sqlite;
using Npgsql;

namespace FraudEngine.Tests.Cluster;

/// <summary>What a journal says of each account, read past the engine.</summary>
/// <param name="Accounts">By account: sequence numbers and entries, in the order of sequence numbers.</param>
internal sealed record StoredEntries(IReadOnlyDictionary<string, List<(long Sequence, byte[] Bytes)>> Accounts)
{
    public int Count => Accounts.Values.Sum(static entries => entries.Count);

    /// <summary>From PostgreSQL's own tables.</summary>
    public static async Task<StoredEntries> ReadAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT account, sequence, entry FROM journal ORDER BY account, sequence");
        await using var reader = await command.ExecuteReaderAsync();
        var accounts = new Dictionary<string, List<(long, byte[])>>();
        while (await reader.ReadAsync())
        {
            var account = Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(0));
            if (!accounts.TryGetValue(account, out var entries))
            {
                accounts[account] = entries = [];
            }

            entries.Add((reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
        }

        return new StoredEntries(accounts);
    }

    public static async Task<long> CountAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("SELECT count(*) FROM journal");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>From a stopped single node's SQLite.</summary>
    public static async Task<StoredEntries> ReadSqliteAsync(string directory, IEnumerable<string> accounts)
    {
        await using var journal = new SqliteJournal(directory);
        var read = new Dictionary<string, List<(long, byte[])>>();
        foreach (var account in accounts)
        {
            var entries = await journal.ReadEntriesAsync(Encoding.UTF8.GetBytes(account), long.MaxValue, int.MaxValue);
            read[account] = [.. entries.Select(static entry => (entry.Sequence, entry.Bytes)).Reverse()];
        }

        return new StoredEntries(read);
    }

    public static TransactionDecided Decode(string account, long sequence, byte[] entry)
    {
        var decided = new TransactionDecided();
        EntryCodec.Read(entry, Encoding.UTF8.GetBytes(account), sequence, decided);
        return decided;
    }

    public static string TransactionIdOf(string account, byte[] entry)
    {
        var transaction = new Transaction();
        EntryCodec.ReadTransaction(entry, Encoding.UTF8.GetBytes(account), transaction);
        return transaction.TextString(TransactionField.TransactionId);
    }
}

using System.Security.Cryptography;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Hosting;

/// <summary>What a stopped engine's journal says.</summary>
/// <param name="Digest">Of every account's entries, in order, and of every alert id: equal where two journals say the same, byte for byte.</param>
/// <param name="Labels">How many labels are among the entries.</param>
internal sealed record StoredJournal(JournalSize Size, string Digest, int Labels)
{
    public static async Task<StoredJournal> ReadAsync(string directory, IEnumerable<string> accounts)
    {
        await using var journal = new SqliteJournal(directory);
        var labels = 0;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var account in accounts.Distinct().Order(StringComparer.Ordinal))
        {
            digest.AppendData(Encoding.UTF8.GetBytes(account));
            foreach (var entry in await journal.ReadEntriesAsync(Encoding.UTF8.GetBytes(account), long.MaxValue, int.MaxValue))
            {
                digest.AppendData(BitConverter.GetBytes(entry.Sequence));
                digest.AppendData(entry.Bytes);
                labels += LabelCodec.IsLabel(entry.Bytes) ? 1 : 0;
            }
        }

        var alerts = await journal.ReadAlertsAsync(null, 0, int.MaxValue);
        foreach (var id in alerts.Select(alert => AlertId.Of(alert.Transaction).ToString()).Order(StringComparer.Ordinal))
        {
            digest.AppendData(Encoding.ASCII.GetBytes(id));
        }

        return new StoredJournal(await journal.MeasureAsync(), Convert.ToHexStringLower(digest.GetHashAndReset()), labels);
    }
}

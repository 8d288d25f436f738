using System.Text;
using TransactionFeed.CommandLine;
using TransactionFeed.Evaluate;
using TransactionFeed.Input;

namespace TransactionFeed.Labels;

/// <summary>
/// The labels of files, each until its transaction comes: CSV with the columns transactionId, accountId and fraud, or NDJSON with fields of the same names; plain or .gz.
/// The last label of a transaction counts.
/// </summary>
internal sealed class LabelBook
{
    private const int TransactionId = 0;
    private const int AccountId = 1;
    private const int Fraud = 2;
    private const int RowsPerLook = 4096;

    private static readonly string[][] Fields = [["transactionId", "TRANSACTION_ID"], ["accountId", "CUSTOMER_ID"], [FraudText.Native, FraudText.Handbook]];

    private readonly Dictionary<(string AccountId, string TransactionId), bool> _labels = [];

    /// <summary>Labels whose transaction has not come.</summary>
    public int Count => _labels.Count;

    /// <summary>Throws, with a line for the user, where a file can't be read or a row is no label.</summary>
    /// <param name="withGenuine">Else only frauds are kept.</param>
    public static LabelBook Read(IReadOnlyList<string> paths, bool withGenuine, CancellationToken stop)
    {
        var book = new LabelBook();
        foreach (var path in paths)
        {
            book.Read(path, withGenuine, stop);
        }

        return book;
    }

    /// <summary>Takes a transaction's label out; null where it has none.</summary>
    public bool? Take(string accountId, string transactionId) => _labels.Remove((accountId, transactionId), out var isFraud) ? isFraud : null;

    private void Read(string path, bool withGenuine, CancellationToken stop)
    {
        using var file = new FieldFile(path, Fields, static _ => { });
        for (var field = TransactionId; field <= Fraud; field++)
        {
            file.Require(field);
        }

        while (file.Read())
        {
            if (file.Record % RowsPerLook == 0)
            {
                stop.ThrowIfCancellationRequested();
            }

            if (file[TransactionId].IsEmpty || file[AccountId].IsEmpty || !FraudText.TryRead(file[Fraud], out var isFraud))
            {
                throw FeedException.Failed($"{file.Place}: a label must have a transactionId, an accountId and fraud, which is 1, 0, true, false or nothing.");
            }

            if (isFraud is not null)
            {
                Set((Encoding.UTF8.GetString(file[AccountId]), Encoding.UTF8.GetString(file[TransactionId])), isFraud.Value, withGenuine);
            }
        }
    }

    private void Set((string AccountId, string TransactionId) key, bool isFraud, bool withGenuine)
    {
        if (isFraud || withGenuine)
        {
            _labels[key] = isFraud;
        }
        else
        {
            _labels.Remove(key);
        }
    }
}

using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;

namespace FraudEngine.Trials;

/// <summary>
/// A candidate run over a journal's rows, in their order, against what was decided then. The rows are unique and were admitted, so none is refused.
/// </summary>
internal sealed class JournalTrial
{
    private readonly LabelBook? _labels;
    private readonly TransactionDecided _stored;

    /// <param name="catalog">The journal's.</param>
    public JournalTrial(TrialSettings settings, ReasonCatalog catalog, LabelBook? labels)
    {
        _labels = labels;
        Partition = new TrialPartition(settings, catalog);
        _stored = new TransactionDecided { Transaction = Partition.Transaction };
    }

    public TrialPartition Partition { get; }

    /// <summary>The transaction of the row read last.</summary>
    public Transaction Transaction => Partition.Transaction;

    /// <summary>Reads a transaction. A label or a change is taken in, so that it is known to what comes after; then false, and there is nothing to decide.</summary>
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public bool TryRead(in JournalRow row)
    {
        if (LabelCodec.IsLabel(row.Bytes))
        {
            Partition.Know(Partition.AccountOf(row.AccountId), row.Bytes);
            return false;
        }

        if (ChangeCodec.IsChange(row.Bytes))
        {
            Partition.Change(Partition.AccountOf(row.AccountId), row.Bytes);
            return false;
        }

        EntryCodec.Read(row.Bytes, row.AccountId, row.Sequence, _stored);
        return true;
    }

    /// <summary>Lets the row read last fill the windows.</summary>
    public void Fill(in JournalRow row) => Partition.Fill(Partition.AccountOf(row.AccountId));

    /// <summary>Decides the row read last and compares.</summary>
    public void Compare(in JournalRow row)
    {
        var label = _labels?.Find(row.AccountId, Transaction.TransactionId) ?? Label.None;
        Partition.Event.Identify(Partition.Seed);
        Partition.Decide(Partition.AccountOf(row.AccountId), row.Position, label, _stored.Decision);
    }
}

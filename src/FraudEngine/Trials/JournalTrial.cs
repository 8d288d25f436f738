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

    /// <exception cref="InvalidDataException">The row is damaged.</exception>
    public void Read(in JournalRow row) => EntryCodec.Read(row.Bytes, row.AccountId, row.Sequence, _stored);

    /// <summary>Lets the row read last fill the windows.</summary>
    public void Fill(in JournalRow row) => Partition.Fill(Partition.AccountOf(row.AccountId));

    /// <summary>Decides the row read last and compares.</summary>
    public void Compare(in JournalRow row)
    {
        var label = _labels?.Find(row.AccountId, Transaction.TransactionId) ?? Label.None;
        Partition.Decide(Partition.AccountOf(row.AccountId), row.Position, label, _stored.Decision);
    }
}

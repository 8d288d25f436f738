using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>One entry of the journal, a transaction or a label, as it is taken in again by what remembers it. Reusable; one thread at a time.</summary>
/// <param name="seed">Of the hashes by which resends and labels find transactions.</param>
public sealed class EntryReplay(ulong seed)
{
    private readonly TransactionDecided _decided = new();
    private readonly TransactionLabelled _labelled = new();
    private ulong _eventId;

    /// <summary>Whether the entry is a label; else <see cref="Transaction"/> is its transaction.</summary>
    public bool IsLabel { get; private set; }

    public Transaction Transaction => _decided.Transaction;

    /// <summary>Turns to an entry. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    /// <param name="isWhole">Whether the decision of a transaction is read as well, and so that it is not damaged.</param>
    public void Read(ReadOnlySpan<byte> accountId, long sequence, ReadOnlySpan<byte> entry, bool isWhole)
    {
        IsLabel = LabelCodec.IsLabel(entry);
        if (IsLabel)
        {
            LabelCodec.Read(entry, sequence, _labelled);
        }
        else if (isWhole)
        {
            EntryCodec.Read(entry, accountId, sequence, _decided);
        }
        else
        {
            EntryCodec.ReadTransaction(entry, accountId, _decided.Transaction);
            _decided.Sequence = sequence;
        }

        _eventId = TransactionHash.Of(accountId, IsLabel ? _labelled.TransactionId : _decided.Transaction.TransactionId, seed);
    }

    public void EvolveOn(AccountState state)
    {
        if (IsLabel)
        {
            AccountMachine.Evolve(state, _labelled, _eventId);
            return;
        }

        _decided.IdHash = Hash64.Of(_decided.Transaction.TransactionId, seed);
        _decided.EventId = _eventId;
        AccountMachine.Evolve(state, _decided);
    }

    /// <param name="position">The entry's place in the journal.</param>
    public void EvolveOn(EntityState state, long position)
    {
        if (IsLabel)
        {
            state.Evolve(_labelled, _eventId, position);
        }
        else
        {
            state.Evolve(_decided.Transaction, _eventId, position);
        }
    }

    public void AddTo(EventHistory history)
    {
        if (IsLabel)
        {
            history.Label(_labelled.TimestampTicks, _eventId, _labelled.IsFraud);
        }
        else
        {
            history.Add(_decided.Transaction, _eventId);
        }
    }
}

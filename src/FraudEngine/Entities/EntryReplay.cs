using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Entities;

/// <summary>One entry of the journal, a transaction, a label or a change, as it is taken in again by what remembers it. Reusable; one thread at a time.</summary>
/// <param name="seed">Of the hashes by which resends and labels find transactions.</param>
public sealed class EntryReplay(ulong seed)
{
    private readonly TransactionDecided _decided = new();
    private readonly TransactionLabelled _labelled = new();
    private AccountChanged? _changed;
    private bool _isLabel;
    private ulong _eventId;

    /// <summary>Whether the entry is a transaction: <see cref="Transaction"/>.</summary>
    public bool IsTransaction => !_isLabel && _changed is null;

    public Transaction Transaction => _decided.Transaction;

    /// <summary>Turns to an entry. Throws <see cref="InvalidDataException"/> where it is damaged.</summary>
    /// <param name="isWhole">Whether the decision of a transaction is read as well, and so that it is not damaged.</param>
    public void Read(ReadOnlySpan<byte> accountId, long sequence, ReadOnlySpan<byte> entry, bool isWhole)
    {
        _isLabel = LabelCodec.IsLabel(entry);
        _changed = ChangeCodec.IsChange(entry) ? ChangeCodec.Read(entry, sequence) : null;
        if (_changed is not null)
        {
            return;
        }

        if (_isLabel)
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

        _eventId = TransactionHash.Of(accountId, _isLabel ? _labelled.TransactionId : _decided.Transaction.TransactionId, seed);
    }

    public void EvolveOn(AccountState state)
    {
        if (_changed is not null)
        {
            AccountMachine.Evolve(state, _changed);
        }
        else if (_isLabel)
        {
            AccountMachine.Evolve(state, _labelled, _eventId);
        }
        else
        {
            _decided.IdHash = Hash64.Of(_decided.Transaction.TransactionId, seed);
            _decided.EventId = _eventId;
            AccountMachine.Evolve(state, _decided);
        }
    }

    /// <summary>A change is no entity's.</summary>
    /// <param name="position">The entry's place in the journal.</param>
    public void EvolveOn(EntityState state, long position)
    {
        if (_isLabel)
        {
            state.Evolve(_labelled, _eventId, position);
        }
        else if (_changed is null)
        {
            state.Evolve(_decided.Transaction, _eventId, position);
        }
    }

    /// <summary>A change is in no window.</summary>
    public void AddTo(EventHistory history)
    {
        if (_isLabel)
        {
            history.Label(_labelled.TimestampTicks, _eventId, _labelled.IsFraud);
        }
        else if (_changed is null)
        {
            history.Add(_decided.Transaction, _eventId);
        }
    }
}

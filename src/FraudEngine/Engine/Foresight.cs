using System.Runtime.CompilerServices;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Engine;

/// <summary>
/// Reads what the next transactions will need of their resident accounts. An account lies in some fifty places in memory, which a decision comes to one after the other, and waits for each; those of several
/// accounts the processor fetches side by side. Called only from the turn loop.
/// </summary>
internal sealed class Foresight(EntityTable<AccountActor> accounts, ulong idHashSeed)
{
    /// <summary>Keeps the reading from being left out as useless.</summary>
    private long _read;

    /// <param name="messages">At most <see cref="Shard{TMessage}.AheadMax"/>.</param>
    public void Read(ReadOnlySpan<ShardMessage> messages)
    {
        if (messages.Length < 2)
        {
            return;
        }

        var states = default(States);
        for (var i = 0; i < messages.Length; i++)
        {
            states[i] = messages[i] is TransactionEnvelope envelope ? accounts.Find(envelope.AccountId)?.State : null;
        }

        for (var i = 0; i < messages.Length; i++)
        {
            if (states[i] is { } state)
            {
                _read += state.TouchNear(Hash64.Of(((TransactionEnvelope)messages[i]).Transaction.TransactionId, idHashSeed));
            }
        }

        for (var i = 0; i < messages.Length; i++)
        {
            _read += states[i]?.TouchFar() ?? 0;
        }
    }

    [InlineArray(Shard<ShardMessage>.AheadMax)]
    private struct States
    {
        private AccountState? _first;
    }
}

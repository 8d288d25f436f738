namespace TransactionFeed.Load;

/// <summary>
/// The transactions of one sender. Each sender has accounts of its own, so that an account's event times ascend; ids are unique over all senders.
/// </summary>
internal sealed class LoadPayloads(LoadTemplates templates, LoadClock clock, int sender, int senders, int accounts, int seed)
{
    private readonly Random _random = new((seed * 7919) + sender);
    private readonly int _accountsOwned = Math.Max(1, (accounts - sender + senders - 1) / senders);
    private long _number = sender;

    /// <summary>Writes the next request and returns its length.</summary>
    public int WriteNext(Span<byte> target)
    {
        var any = _random.Next();
        var account = sender + (senders * (any % _accountsOwned));
        var length = templates.Of(account, any >> 8).Write(target, _number, account, clock.EventTicks());
        _number += senders;
        return length;
    }
}

namespace TransactionFeed.Load;

/// <summary>
/// The transactions of one sender. Each sender has accounts of its own, so that an account's event times ascend; ids are unique over all senders.
/// </summary>
internal sealed class LoadPayloads(LoadTemplates templates, LoadClock clock, int sender, LoadSettings settings)
{
    private readonly Random _random = new((settings.Seed * 7919) + sender);
    private readonly int _accountsOwned = Math.Max(1, (settings.Accounts - sender + settings.Senders - 1) / settings.Senders);
    private long _number = sender;

    /// <summary>Writes the next request and returns its length.</summary>
    public int WriteNext(Span<byte> target)
    {
        var any = _random.Next();
        var account = settings.FirstAccount + sender + (settings.Senders * (any % _accountsOwned));
        var length = templates.Of(account, any >> 8).Write(target, _number, account, clock.EventTicks());
        _number += settings.Senders;
        return length;
    }
}

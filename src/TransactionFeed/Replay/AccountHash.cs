namespace TransactionFeed.Replay;

/// <summary>Says which stream an account's transactions take: FNV-1a, the same in every run.</summary>
internal static class AccountHash
{
    public static uint Of(string accountId)
    {
        var hash = 2166136261;
        foreach (var c in accountId)
        {
            hash = (hash ^ c) * 16777619;
        }

        return hash ^ (hash >> 15);
    }
}

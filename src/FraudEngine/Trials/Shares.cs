namespace FraudEngine.Trials;

/// <summary>Quotients of a report, rounded so that they read well and are the same everywhere.</summary>
internal static class Shares
{
    private const int Decimals = 6;

    /// <summary>Null where there is nothing to be divided by.</summary>
    public static decimal? Of(decimal part, decimal whole) => whole == 0 ? null : Math.Round(part / whole, Decimals, MidpointRounding.AwayFromZero);

    public static decimal PerDay(long count, int days) => days == 0 ? 0 : Math.Round((decimal)count / days, 2, MidpointRounding.AwayFromZero);
}

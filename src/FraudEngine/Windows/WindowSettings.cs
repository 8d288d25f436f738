namespace FraudEngine.Windows;

/// <summary>How far back windows reach and how late a transaction may come.</summary>
/// <param name="HorizonTicks">The longest window, in ticks of 100 ns.</param>
/// <param name="AllowedLatenessTicks">How much older than the newest of its entity a transaction may be, in ticks of 100 ns.</param>
/// <param name="EventsMax">Transactions kept per entity; when full the oldest is forgotten early and a window that reaches behind it gives Error.</param>
public sealed record WindowSettings(long HorizonTicks, long AllowedLatenessTicks, int EventsMax)
{
    public static WindowSettings Default { get; } = new(30 * TimeSpan.TicksPerDay, TimeSpan.TicksPerDay, 1_000_000);
}

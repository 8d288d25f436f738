namespace FraudEngine.Hosting.Workers;

/// <summary>How long to wait before a dead worker is started again: 1 s, doubled with each death to at most 30 s, from the beginning after a long enough healthy life. It never gives up.</summary>
internal sealed class BackOff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Max = TimeSpan.FromSeconds(30);

    /// <summary>A worker that was ready for so long had no trouble with its start.</summary>
    public static readonly TimeSpan HealthyAfter = TimeSpan.FromSeconds(30);

    private TimeSpan _next = First;

    /// <param name="readyFor">How long the worker that died had been ready; zero where it never was.</param>
    public TimeSpan Next(TimeSpan readyFor)
    {
        var wait = readyFor >= HealthyAfter ? First : _next;
        _next = wait * 2 < Max ? wait * 2 : Max;
        return wait;
    }
}

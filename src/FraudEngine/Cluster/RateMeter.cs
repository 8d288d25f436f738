namespace FraudEngine.Cluster;

/// <summary>How fast a number rises, over the last few seconds. Called by one thread at a time.</summary>
internal sealed class RateMeter
{
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    private readonly Queue<(TimeSpan At, long Total)> _readings = new();

    /// <summary>Takes a reading and returns the rise per second since about five seconds ago.</summary>
    public double Read(long total, TimeSpan now)
    {
        while (_readings.Count > 1 && now - _readings.Peek().At > Span)
        {
            _readings.Dequeue();
        }

        var rate = _readings.TryPeek(out var first) && now > first.At ? (total - first.Total) / (now - first.At).TotalSeconds : 0;
        _readings.Enqueue((now, total));
        return rate;
    }
}

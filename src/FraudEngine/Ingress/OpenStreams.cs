namespace FraudEngine.Ingress;

/// <summary>Counts the streams that are open, of every kind.</summary>
internal sealed class OpenStreams(IngressSettings settings)
{
    private int _count;

    /// <summary>Whether those that are open are so few that they may hold many answers each.</summary>
    public bool MayRunAhead => Volatile.Read(ref _count) <= settings.StreamsAheadMax;

    /// <summary>False where there are as many as may be.</summary>
    public bool TryOpen()
    {
        if (Interlocked.Increment(ref _count) <= settings.StreamsMax)
        {
            return true;
        }

        Close();
        return false;
    }

    public void Close() => Interlocked.Decrement(ref _count);
}

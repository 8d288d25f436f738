namespace FraudEngine.Cluster;

/// <summary>The other end of a <see cref="ShardLink{TRequest}"/>: sees to it that requests are handled in the order in which they were sent, or given back.</summary>
internal sealed class LinkReceiver
{
    private long _attempt;
    private long _next;
    private int _tenure;

    /// <summary>
    /// Whether a message may be handled. Only the first of a newer attempt or the next of the present one, and that only while the shard is owned without a break:
    /// what was handed over in between may have been given back to the sender, and what stands behind it must not overtake it.
    /// </summary>
    /// <param name="tenure">Counts how often this node has taken the shard; 0 where it does not own it now.</param>
    public bool Accept(long attempt, long sequence, int tenure)
    {
        if (tenure == 0)
        {
            return false;
        }

        if (attempt > _attempt && sequence == 0)
        {
            _attempt = attempt;
            _next = 1;
            _tenure = tenure;
            return true;
        }

        if (attempt == _attempt && sequence == _next && tenure == _tenure)
        {
            _next++;
            return true;
        }

        return false;
    }

    /// <summary>A message that was accepted could not be read: nothing more of its attempt is.</summary>
    public void Break() => _next = -1;
}

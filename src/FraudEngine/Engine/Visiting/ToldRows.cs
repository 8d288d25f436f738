using FraudEngine.Domain;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// Which rows of a shared journal the entities were told: all below a position, and some above it, where others may still appear among them. A reading goes over
/// the latter again.
/// </summary>
internal sealed class ToldRows
{
    private readonly HashSet<(long Position, EntityKind Kind)> _above = [];

    /// <summary>Whether the pages of the present reading have left nothing out so far.</summary>
    private bool _isWhole;

    /// <summary>False before the first visit: nobody has anything that would have to be kept up to date.</summary>
    public bool IsFollowing { get; private set; }

    /// <summary>Everything that stands below, and ever will, was told, or stands in what was recovered later.</summary>
    public long Below { get; private set; }

    /// <param name="horizon">Read after the last entity had left memory.</param>
    public void Begin(long horizon)
    {
        IsFollowing = true;
        Below = horizon;
    }

    public void Reset()
    {
        IsFollowing = false;
        Below = 0;
        _above.Clear();
    }

    /// <summary>A page was read that begins where the one before has ended or, the first, at <see cref="Below"/>.</summary>
    /// <param name="end">Where the next page goes on, which is where there may be more.</param>
    public void Advance(long horizon, long end, bool isFirst)
    {
        _isWhole |= isFirst;
        if (_isWhole)
        {
            Below = Math.Max(Below, horizon);

            // Else more may appear before the next page.
            _isWhole = horizon >= end;
        }
    }

    /// <summary>The present reading leaves something out.</summary>
    public void LeaveOut() => _isWhole = false;

    /// <summary>Whether a row of a page was not told before.</summary>
    public bool TryTell(long position, EntityKind kind) => position < Below ? !_above.Contains((position, kind)) : _above.Add((position, kind));

    /// <summary>Forgets what no reading will give again.</summary>
    public void Forget() => _above.RemoveWhere(told => told.Position < Below);
}

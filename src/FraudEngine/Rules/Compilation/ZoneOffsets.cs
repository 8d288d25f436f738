using System.Collections.Concurrent;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// A time zone's offsets from UTC as a sorted table of its changes, read once from the time zone database, so that a lookup is a
/// binary search without allocation. Outside the table's years the database itself is asked.
/// </summary>
internal sealed class ZoneOffsets
{
    private const int FirstYear = 2000;
    private const int LastYear = 2050;

    private static readonly ConcurrentDictionary<string, ZoneOffsets> Known = new();

    private readonly TimeZoneInfo _zone;
    private readonly long _end = new DateTime(LastYear, 1, 1).Ticks;
    private readonly long[] _starts;
    private readonly long[] _offsets;

    private ZoneOffsets(TimeZoneInfo zone)
    {
        _zone = zone;
        var starts = new List<long>();
        var offsets = new List<long>();
        for (var ticks = new DateTime(FirstYear, 1, 1).Ticks; ticks < _end; ticks += TimeSpan.TicksPerDay)
        {
            var offset = Ask(ticks);
            if (offsets.Count == 0)
            {
                starts.Add(ticks);
                offsets.Add(offset);
            }
            else if (offset != offsets[^1])
            {
                starts.Add(FindChange(ticks - TimeSpan.TicksPerDay, ticks));
                offsets.Add(offset);
            }
        }

        _starts = [.. starts];
        _offsets = [.. offsets];
    }

    /// <summary>The zone of an IANA name such as Europe/Brussels, or null.</summary>
    public static ZoneOffsets? Find(string name)
    {
        if (Known.TryGetValue(name, out var known))
        {
            return known;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? Known.GetOrAdd(name, new ZoneOffsets(zone)) : null;
    }

    /// <summary>Local ticks at an instant in UTC ticks.</summary>
    public long ToLocal(long utcTicks)
    {
        if (utcTicks < _starts[0] || utcTicks >= _end)
        {
            return utcTicks + Ask(utcTicks);
        }

        var found = Array.BinarySearch(_starts, utcTicks);
        return utcTicks + _offsets[found < 0 ? ~found - 1 : found];
    }

    private long Ask(long utcTicks) => _zone.GetUtcOffset(new DateTime(utcTicks, DateTimeKind.Utc)).Ticks;

    /// <summary>The first minute with a new offset, after <paramref name="before"/> and at the latest at <paramref name="after"/>.</summary>
    private long FindChange(long before, long after)
    {
        var old = Ask(before);
        while (after - before > TimeSpan.TicksPerSecond)
        {
            var middle = before + ((after - before) / 2 / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond);
            if (Ask(middle) == old)
            {
                before = middle;
            }
            else
            {
                after = middle;
            }
        }

        return after;
    }
}

using System.Collections.Concurrent;
using System.Globalization;

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
    private readonly long _end;
    private readonly long[] _starts;
    private readonly long[] _offsets;

    private ZoneOffsets(TimeZoneInfo zone)
    {
        _zone = zone;
        _end = new DateTime(LastYear, 1, 1).Ticks;
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

    /// <summary>A fixed offset: in the table before its first year and behind its last nothing is asked.</summary>
    private ZoneOffsets(long offset)
    {
        _zone = TimeZoneInfo.Utc;
        _end = long.MaxValue;
        _starts = [long.MinValue];
        _offsets = [offset];
    }

    /// <summary>The zone of an IANA name such as Europe/Brussels, or of an offset such as +02:00 (the sign may be lacking, as in CEL); else null.</summary>
    public static ZoneOffsets? Find(string name)
    {
        if (name.Contains(':', StringComparison.Ordinal))
        {
            return TryReadOffset(name, out var offset) ? new ZoneOffsets(offset) : null;
        }

        if (Known.TryGetValue(name, out var known))
        {
            return known;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? Known.GetOrAdd(name, new ZoneOffsets(zone)) : null;
    }

    private static bool TryReadOffset(string text, out long ticks)
    {
        var time = text.AsSpan(text[0] is '+' or '-' ? 1 : 0);
        ticks = 0;
        if (time.Length != 5 || !TimeOnly.TryParseExact(time, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var offset))
        {
            return false;
        }

        ticks = text[0] == '-' ? -offset.Ticks : offset.Ticks;
        return true;
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

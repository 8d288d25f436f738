namespace FraudEngine.Domain;

/// <summary>RFC 3339 timestamps, read and written without a culture or a time zone database.</summary>
public static class TimestampText
{
    /// <summary>The longest text <c>Format</c> writes, in bytes.</summary>
    public const int TextBytesMax = 28;

    private const int SecondsEnd = 19;

    /// <summary>
    /// Reads <c>2018-04-01T00:00:31Z</c>, with any number of fraction digits (100 ns are kept) and any offset up to 23:59.
    /// <paramref name="ticks"/> are UTC. A leap second counts as the second after it.
    /// </summary>
    public static FieldProblem Read(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < SecondsEnd || text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != ':' || text[16] != ':')
        {
            return FieldProblem.NotATimestamp;
        }

        if (!TryDigits(text[..4], out var year) || !TryDigits(text[5..7], out var month) || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour) || !TryDigits(text[14..16], out var minute) || !TryDigits(text[17..19], out var second))
        {
            return FieldProblem.NotATimestamp;
        }

        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 60)
        {
            return FieldProblem.NotATimestamp;
        }

        var rest = text[SecondsEnd..];
        if (!TryReadFraction(ref rest, out var fractionTicks))
        {
            return FieldProblem.NotATimestamp;
        }

        if (rest.IsEmpty)
        {
            return FieldProblem.NoOffset;
        }

        if (!TryReadOffset(rest, out var offsetTicks))
        {
            return FieldProblem.NotATimestamp;
        }

        ticks = new DateTime(year, month, day).Ticks + (hour * TimeSpan.TicksPerHour) + (minute * TimeSpan.TicksPerMinute)
            + (second * TimeSpan.TicksPerSecond) + fractionTicks - offsetTicks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
        {
            ticks = 0;
            return FieldProblem.NotATimestamp;
        }

        return FieldProblem.None;
    }

    /// <summary>Writes <c>2018-04-01T00:00:31Z</c>, with as many fraction digits as are needed, and returns the length in bytes.</summary>
    public static int Format(long ticks, Span<byte> destination)
    {
        var time = new DateTime(ticks, DateTimeKind.Utc);
        time.TryFormat(destination, out var length, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return length;
    }

    /// <summary>As <see cref="Format(long, Span{byte})"/>, as a string.</summary>
    public static string Format(long ticks)
    {
        Span<byte> text = stackalloc byte[TextBytesMax];
        return System.Text.Encoding.ASCII.GetString(text[..Format(ticks, text)]);
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        if (rest.IsEmpty || rest[0] != '.')
        {
            return true;
        }

        var at = 1;
        var unit = TimeSpan.TicksPerSecond / 10;
        for (; at < rest.Length && rest[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            ticks += (rest[at] - '0') * unit;
            unit /= 10;
        }

        rest = rest[at..];
        return at > 1;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length == 1)
        {
            return text[0] is (byte)'Z' or (byte)'z';
        }

        if (text.Length != 6 || text[0] is not ((byte)'+' or (byte)'-') || text[3] != ':'
            || !TryDigits(text[1..3], out var hours) || !TryDigits(text[4..6], out var minutes) || hours > 23 || minutes > 59)
        {
            return false;
        }

        ticks = ((hours * 60L) + minutes) * TimeSpan.TicksPerMinute * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }
}

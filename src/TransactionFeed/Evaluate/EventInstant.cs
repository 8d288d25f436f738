using System.Buffers.Text;
using System.Globalization;

namespace TransactionFeed.Evaluate;

/// <summary>
/// Reads times: RFC 3339, the same without an offset or with a space in place of the T (the handbook's files; both count as UTC), or a date alone, which is its midnight.
/// </summary>
internal static class EventInstant
{
    private const int DateLength = 10;
    private const int SecondLength = 19;
    private const int OffsetLength = 6;

    /// <summary>UTC ticks; false where it is no time.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!TryReadDate(text, out var date))
        {
            return false;
        }

        ticks = date;
        if (text.Length == DateLength)
        {
            return true;
        }

        if (text.Length < SecondLength || text[10] is not ((byte)'T' or (byte)'t' or (byte)' ') || text[13] != (byte)':' || text[16] != (byte)':'
            || !TryReadNumber(text[11..13], 23, out var hour) || !TryReadNumber(text[14..16], 59, out var minute) || !TryReadNumber(text[17..19], 60, out var second))
        {
            return false;
        }

        var rest = text[SecondLength..];
        if (!TryReadFraction(ref rest, out var fraction) || !TryReadOffset(rest, out var offset))
        {
            return false;
        }

        ticks += (((hour * 60) + minute - offset) * TimeSpan.TicksPerMinute) + (second * TimeSpan.TicksPerSecond) + fraction;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
    }

    public static int DayOf(long ticks) => (int)(ticks / TimeSpan.TicksPerDay);

    public static string DayText(int day) => new DateTime(day * TimeSpan.TicksPerDay).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Text(long ticks) => new DateTime(ticks).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static bool TryReadDate(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < DateLength || text[4] != (byte)'-' || text[7] != (byte)'-'
            || !TryReadNumber(text[..4], 9999, out var year) || !TryReadNumber(text[5..7], 12, out var month) || !TryReadNumber(text[8..10], 31, out var day)
            || year < 1 || month < 1 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        ticks = new DateTime(year, month, day).Ticks;
        return true;
    }

    private static bool TryReadFraction(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!text.StartsWith("."u8))
        {
            return true;
        }

        var end = text[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var digits = end < 0 ? text[1..] : text[1..(end + 1)];
        text = text[(digits.Length + 1)..];
        var unit = TimeSpan.TicksPerSecond;
        foreach (var digit in digits)
        {
            unit /= 10;
            ticks += unit * (digit - '0');
        }

        return digits.Length > 0;
    }

    private static bool TryReadOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.IsEmpty || text is [(byte)'Z' or (byte)'z'])
        {
            return true;
        }

        if (text.Length != OffsetLength || text[0] is not ((byte)'+' or (byte)'-') || text[3] != (byte)':'
            || !TryReadNumber(text[1..3], 23, out var hours) || !TryReadNumber(text[4..6], 59, out minutes))
        {
            return false;
        }

        minutes = ((hours * 60) + minutes) * (text[0] == (byte)'-' ? -1 : 1);
        return true;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> digits, int max, out int number)
    {
        number = 0;
        return digits.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 && Utf8Parser.TryParse(digits, out number, out _) && number <= max;
    }
}

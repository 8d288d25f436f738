using System.Globalization;

namespace TransactionFeed.Load;

/// <summary>The bytes of a request and where in them the three things stand that are new each time.</summary>
internal sealed record LoadTemplate(byte[] Bytes, int NumberAt, int AccountAt, int TimestampAt)
{
    public const int NumberDigits = 12;
    public const int AccountDigits = 8;

    /// <summary>As in <c>2026-01-01T00:00:31.123Z</c>.</summary>
    public const int TimestampCharacters = 24;

    /// <summary>Writes the request into <paramref name="target"/> and returns its length.</summary>
    public int Write(Span<byte> target, long number, int account, long timestampTicks)
    {
        Bytes.CopyTo(target);
        WriteDigits(target.Slice(NumberAt, NumberDigits), number);
        WriteDigits(target.Slice(AccountAt, AccountDigits), account);
        Span<byte> time = stackalloc byte[28];
        new DateTime(timestampTicks, DateTimeKind.Utc).TryFormat(time, out _, "O", CultureInfo.InvariantCulture);
        time[..(TimestampCharacters - 1)].CopyTo(target[TimestampAt..]);
        target[TimestampAt + TimestampCharacters - 1] = (byte)'Z';
        return Bytes.Length;
    }

    private static void WriteDigits(Span<byte> target, long value)
    {
        for (var i = target.Length - 1; i >= 0; i--)
        {
            target[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }
}

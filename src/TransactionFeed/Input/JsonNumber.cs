namespace TransactionFeed.Input;

/// <summary>JSON's grammar of numbers (RFC 8259, section 6).</summary>
internal static class JsonNumber
{
    public static bool IsOne(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("-"u8))
        {
            text = text[1..];
        }

        var isLeadingZero = text.Length > 1 && text[0] == '0' && char.IsAsciiDigit((char)text[1]);
        return !isLeadingZero && SkipDigits(ref text) && SkipFraction(ref text) && SkipExponent(ref text) && text.IsEmpty;
    }

    private static bool SkipFraction(ref ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("."u8))
        {
            return true;
        }

        text = text[1..];
        return SkipDigits(ref text);
    }

    private static bool SkipExponent(ref ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] is not ((byte)'e' or (byte)'E'))
        {
            return true;
        }

        text = text[1..];
        if (!text.IsEmpty && text[0] is ((byte)'+' or (byte)'-'))
        {
            text = text[1..];
        }

        return SkipDigits(ref text);
    }

    private static bool SkipDigits(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var count = end < 0 ? text.Length : end;
        text = text[count..];
        return count > 0;
    }
}

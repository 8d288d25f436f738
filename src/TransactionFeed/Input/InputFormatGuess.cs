namespace TransactionFeed.Input;

/// <summary>Tells a file's format by its first line.</summary>
internal static class InputFormatGuess
{
    /// <summary>None where it is neither.</summary>
    public static InputFormat Of(ReadOnlySpan<byte> beginning)
    {
        if (beginning.StartsWith("\uFEFF"u8))
        {
            beginning = beginning[3..];
        }

        beginning = beginning.TrimStart(" \r\n\t"u8);
        var lineEnd = beginning.IndexOf((byte)'\n');
        var line = lineEnd < 0 ? beginning : beginning[..lineEnd];
        if (line.StartsWith("{"u8))
        {
            return InputFormat.NativeJson;
        }

        if (line.IndexOf("TRANSACTION_ID"u8) >= 0 && line.IndexOf("TX_DATETIME"u8) >= 0)
        {
            return InputFormat.HandbookCsv;
        }

        return line.IndexOf("transactionId"u8) >= 0 ? InputFormat.NativeCsv : InputFormat.None;
    }
}

namespace TransactionFeed.Input;

/// <summary>How files say what a transaction turned out to be.</summary>
internal static class FraudText
{
    /// <summary>The column's or field's name, in native files and in the handbook's.</summary>
    public const string Native = "fraud";

    public const string Handbook = "TX_FRAUD";

    /// <summary>Reads <c>1</c>, <c>0</c>, <c>true</c>, <c>false</c>, or nothing for not known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out bool? isFraud)
    {
        isFraud = text.IsEmpty ? null : text is [(byte)'1'] || text.SequenceEqual("true"u8) || text.SequenceEqual("True"u8);
        return isFraud != false || text is [(byte)'0'] || text.SequenceEqual("false"u8) || text.SequenceEqual("False"u8);
    }
}

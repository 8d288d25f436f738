namespace FraudEngine.Entities;

/// <summary>An account's event that is neither a transaction nor a label, in bytes, as the journal keeps it among the account's entries.</summary>
public static class ChangeCodec
{
    /// <summary>The first byte of such an entry. Those of transactions are below 128; <see cref="LabelCodec.Format"/> is a label's.</summary>
    public const byte Format = 130;

    public static bool IsChange(ReadOnlySpan<byte> entry) => entry.Length > 0 && entry[0] == Format;
}

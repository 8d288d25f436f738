using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace FraudEngine.Domain;

/// <summary>
/// An alert's id: the first 128 bits of the SHA-256 of account id, a zero byte and transaction id, in 32 hexadecimal digits.
/// Derived, so that a transaction decided again after a crash raises the same alert.
/// </summary>
public readonly record struct AlertId(ulong High, ulong Low)
{
    public const int TextBytes = 32;

    public static AlertId Of(Transaction transaction) => Of(transaction.AccountId, transaction.TransactionId);

    /// <param name="account">Its id as UTF-8.</param>
    /// <param name="id">The transaction's id as UTF-8.</param>
    public static AlertId Of(ReadOnlySpan<byte> account, ReadOnlySpan<byte> id)
    {
        Span<byte> input = stackalloc byte[(4 * Transaction.IdCharactersMax * 2) + 1];
        account.CopyTo(input);
        input[account.Length] = 0;
        id.CopyTo(input[(account.Length + 1)..]);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input[..(account.Length + 1 + id.Length)], digest);
        return Read(digest);
    }

    public static AlertId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    public static bool TryParse(string text, out AlertId id)
    {
        id = default;
        if (text.Length != TextBytes
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        id = new AlertId(high, low);
        return true;
    }

    /// <summary>Writes the 16 bytes that the journal stores.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, High);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Low);
    }

    /// <summary>Writes the 32 digits.</summary>
    public void Format(Span<byte> destination)
    {
        Utf8Formatter.TryFormat(High, destination, out _, new('x', 16));
        Utf8Formatter.TryFormat(Low, destination[16..], out _, new('x', 16));
    }

    public override string ToString() => $"{High:x16}{Low:x16}";
}

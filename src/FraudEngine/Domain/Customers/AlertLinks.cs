using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace FraudEngine.Domain.Customers;

/// <summary>
/// Makes and reads the token in a link by which a customer answers an alert: the alert's id, when the link expires, and an HMAC-SHA256 over both. It can't be
/// guessed, changed, or used for another alert. That an alert is answered once only is the account's to see to.
/// </summary>
/// <param name="key">Common to all nodes; 32 random bytes.</param>
public sealed class AlertLinks(byte[] key)
{
    public const int KeyBytes = 32;

    /// <summary>The length of each token, in characters of base64url.</summary>
    public const int TokenCharacters = 76;

    private const byte Format = 1;
    private const int SignedBytes = 1 + 16 + 8;

    /// <param name="expiresTicks">UTC ticks.</param>
    public string Make(AlertId alert, long expiresTicks)
    {
        Span<byte> token = stackalloc byte[SignedBytes + HMACSHA256.HashSizeInBytes];
        token[0] = Format;
        alert.Write(token[1..]);
        BinaryPrimitives.WriteInt64BigEndian(token[17..], expiresTicks);
        HMACSHA256.HashData(key, token[..SignedBytes], token[SignedBytes..]);
        return Base64Url.EncodeToString(token);
    }

    /// <summary>False where the token was not made by <see cref="Make"/> with this key. Whether it has expired is the caller's to see.</summary>
    public bool TryRead(string token, out AlertId alert, out long expiresTicks)
    {
        (alert, expiresTicks) = (default, 0);
        Span<byte> bytes = stackalloc byte[SignedBytes + HMACSHA256.HashSizeInBytes];
        if (token.Length != TokenCharacters || Base64Url.DecodeFromChars(token, bytes, out _, out var length) != OperationStatus.Done || length != bytes.Length
            || bytes[0] != Format)
        {
            return false;
        }

        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, bytes[..SignedBytes], signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, bytes[SignedBytes..]))
        {
            return false;
        }

        alert = AlertId.Read(bytes[1..]);
        expiresTicks = BinaryPrimitives.ReadInt64BigEndian(bytes[17..]);
        return true;
    }
}

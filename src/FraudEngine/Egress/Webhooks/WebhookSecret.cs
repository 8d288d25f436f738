using System.Security.Cryptography;

namespace FraudEngine.Egress.Webhooks;

/// <summary>A signing secret as Standard Webhooks writes it: <c>whsec_</c> and 24 to 64 bytes in base64.</summary>
internal static class WebhookSecret
{
    public const string Prefix = "whsec_";

    private const int BytesMin = 24;
    private const int BytesMax = 64;
    private const int BytesMade = 32;

    public static string Make() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(BytesMade));

    /// <summary>The bytes of the key; null where it is no secret.</summary>
    public static byte[]? Read(string text)
    {
        Span<byte> key = stackalloc byte[BytesMax];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) && length >= BytesMin
            ? key[..length].ToArray()
            : null;
    }
}

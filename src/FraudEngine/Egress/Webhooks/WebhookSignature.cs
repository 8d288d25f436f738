using System.Security.Cryptography;
using System.Text;

namespace FraudEngine.Egress.Webhooks;

/// <summary>
/// The value of the header <c>webhook-signature</c> as Standard Webhooks 1.0.0 has it (https://www.standardwebhooks.com): <c>v1,</c> and the base64 of the
/// HMAC-SHA256 over id, timestamp and body, parted by full stops; of several keys one signature each, parted by blanks.
/// </summary>
internal static class WebhookSignature
{
    public static string Of(string id, string timestamp, ReadOnlySpan<byte> body, IEnumerable<byte[]> keys)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return string.Join(' ', keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
    }
}

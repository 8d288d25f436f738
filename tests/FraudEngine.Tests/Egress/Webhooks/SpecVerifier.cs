using System.Security.Cryptography;
using System.Text;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>
/// Verifies signatures as a receiver does that follows the Standard Webhooks specification, written from its text alone: the signed content is
/// <c>msg_id.timestamp.payload</c>; the key is what stands behind <c>whsec_</c>, decoded; one of the signatures parted by blanks must be <c>v1,</c> and the base64 of
/// the HMAC-SHA256.
/// </summary>
internal static class SpecVerifier
{
    public static bool Holds(string secret, Received received) => Holds(secret, received.Id, received.Timestamp, received.Body, received.Signature);

    public static bool Holds(string secret, string id, string timestamp, byte[] body, string signatures)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Convert.FromBase64String(secret["whsec_".Length..]));
        hmac.AppendData(Encoding.ASCII.GetBytes(id));
        hmac.AppendData("."u8);
        hmac.AppendData(Encoding.ASCII.GetBytes(timestamp));
        hmac.AppendData("."u8);
        hmac.AppendData(body);
        var expected = hmac.GetHashAndReset();
        return signatures.Split(' ').Any(signature =>
            signature.Split(',') is ["v1", var encoded] && CryptographicOperations.FixedTimeEquals(Convert.FromBase64String(encoded), expected));
    }
}

using System.Text.Json;

namespace FraudEngine.Ingress;

/// <summary>What a request for a rollback says: which version, or nothing.</summary>
internal static class ReferenceBody
{
    /// <param name="member">The name of the member that says it.</param>
    /// <param name="reference"><c>name@version</c>; null where the body is empty.</param>
    public static bool TryRead(string body, string member, out string? reference)
    {
        reference = null;
        if (string.IsNullOrWhiteSpace(body))
        {
            return true;
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(member, out var named) && named.ValueKind == JsonValueKind.String)
            {
                reference = named.GetString();
            }

            return reference is not null;
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException)
        {
            // InvalidOperation: half a surrogate pair.
            return false;
        }
    }
}

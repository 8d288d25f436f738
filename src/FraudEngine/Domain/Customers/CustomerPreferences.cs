using System.Collections.Immutable;
using System.Text.Json;

namespace FraudEngine.Domain.Customers;

/// <summary>How the customer of an account wants to be alerted, and of what besides fraud.</summary>
/// <param name="Language">Of the texts: <c>en</c> or <c>de</c>.</param>
/// <param name="Email">The address; null where the customer wants no e-mail.</param>
/// <param name="Webhooks">Names of webhook endpoints that give the alert on to this customer, such as a push gateway.</param>
/// <param name="Quiet">Null where there are none.</param>
public sealed record CustomerPreferences(
    string Language, string? Email, ImmutableArray<string> Webhooks, QuietHours? Quiet, ImmutableArray<ChosenActivity> Activity)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>As the account's document keeps them.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Reads what <see cref="ToBytes"/> has written.</summary>
    public static CustomerPreferences FromBytes(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize<CustomerPreferences>(body, Json) ?? throw new InvalidDataException("Stored preferences are damaged.");
}

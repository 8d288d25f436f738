using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FraudEngine.Domain.Customers;

/// <summary>How far a case is.</summary>
public enum CaseStatus : byte
{
    None,
    Open,
    Resolved,
}

/// <summary>What a case came to.</summary>
public enum CaseOutcome : byte
{
    None,
    Fraud,
    Genuine,
    Unsure,
}

/// <summary>Who did what with a case, and when.</summary>
/// <param name="AtTicks">UTC ticks of the clock.</param>
/// <param name="What"><c>opened</c>, <c>assigned</c>, <c>noted</c>, <c>resolved</c> …</param>
/// <param name="Text">The note, or who it was assigned to; null where there is nothing to say.</param>
public sealed record CaseEvent(long AtTicks, string By, string What, string? Text);

/// <summary>Something that an analyst is to look into: an account and its payments in question. Immutable.</summary>
/// <param name="Id">That of the alert whose denial raised it, or one of its own.</param>
/// <param name="Transactions">Ids of the account's transactions in question.</param>
/// <param name="Alert">The id of the alert that it came of; null where an analyst opened it.</param>
/// <param name="History">From the first on.</param>
public sealed record AnalystCase(
    string Id, string AccountId, ImmutableArray<string> Transactions, string? Alert, string Reason, CaseStatus Status, string? Assignee, CaseOutcome Outcome,
    ImmutableArray<CaseEvent> History)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <summary>A case that a customer's denial raises.</summary>
    public static AnalystCase OfDenial(AlertId alert, string accountId, string transactionId, string by, long atTicks) => new(
        alert.ToString(), accountId, [transactionId], alert.ToString(), "The customer has denied the payment", CaseStatus.Open, null, CaseOutcome.None,
        [new CaseEvent(atTicks, by, "opened", null)]);

    /// <summary>As a document keeps it.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Reads what <see cref="ToBytes"/> has written.</summary>
    public static AnalystCase FromBytes(ReadOnlySpan<byte> body) =>
        JsonSerializer.Deserialize<AnalystCase>(body, Json) ?? throw new InvalidDataException("A stored case is damaged.");
}

namespace FraudEngine.Storage;

/// <summary>What a document is of.</summary>
public enum DocumentKind : byte
{
    None,

    /// <summary>A customer's preferences; the key is the account.</summary>
    Preferences,

    /// <summary>An account's hold; the key is the account, the status <c>held</c> or <c>released</c>.</summary>
    Hold,

    /// <summary>A customer's response; the key is the alert's id, the status <c>confirmed</c> or <c>denied</c>.</summary>
    Response,

    /// <summary>An analyst's case; the key is its id, the owner who it is assigned to.</summary>
    Case,

    /// <summary>A webhook endpoint; the key is its name.</summary>
    Webhook,
}

/// <summary>A small record beside the journal that is read by its key, or listed by what stands in its columns.</summary>
/// <param name="Key">1..128 characters, unique within the kind.</param>
/// <param name="Account">Which it is about; empty where it is about none.</param>
/// <param name="Status">Up to 32 characters.</param>
/// <param name="Owner">Up to 128 characters; empty for none.</param>
/// <param name="CreatedTicks">In UTC ticks of the clock; kept when it is replaced.</param>
/// <param name="Version">Counts its changes, from 1; set by the store.</param>
/// <param name="Body">JSON as UTF-8.</param>
public sealed record Document(
    DocumentKind Kind, string Key, string Account, string Status, string Owner, long CreatedTicks, long UpdatedTicks, byte[] Body, long Version = 0);

/// <summary>Which documents of a kind; null or empty columns are not asked for.</summary>
public sealed record DocumentFilter(string? Account = null, IReadOnlyList<string>? Statuses = null, string? Owner = null);

/// <summary>Behind which document of a listing to go on.</summary>
public readonly record struct DocumentPlace(long CreatedTicks, string Key);

/// <summary>How a document goes with a batch: in the same commit as what the batch appends.</summary>
public enum DocumentWrite : byte
{
    None,

    /// <summary>In place of one of the same key.</summary>
    Replace,

    /// <summary>Only where there is none of that key.</summary>
    Keep,
}

using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Storage;

namespace FraudEngine.Engine.Changes;

/// <summary>What is stored of customers besides their journals: preferences, alerts and the answers to them, holds. Changed through <see cref="DecisionEngine"/> only.</summary>
public sealed class CustomerBook(IJournal journal)
{
    // As the documents' columns have it.
    private const string Held = "held";
    private const string Removed = "removed";

    /// <summary>Null where the customer has none.</summary>
    public async Task<CustomerPreferences?> FindPreferencesAsync(string account) =>
        await journal.FindDocumentAsync(DocumentKind.Preferences, account) is { } document && document.Status != Removed
            ? CustomerPreferences.FromBytes(document.Body) : null;

    /// <summary>Null where there is no alert of that id.</summary>
    public async Task<AnswerableAlert?> FindAlertAsync(AlertId id) =>
        await journal.ReadAlertAsync(id) is { } alert ? new AnswerableAlert(id, alert.Transaction, alert.Decision, alert.CommittedTicks) : null;

    /// <summary>What the customer has said to an alert; null where that is nothing yet.</summary>
    public async Task<StoredResponse?> FindResponseAsync(AlertId id) =>
        await journal.FindDocumentAsync(DocumentKind.Response, id.ToString()) is { } document
            ? new StoredResponse(document.Status == "denied" ? AlertResponse.Denied : AlertResponse.Confirmed, TextOf(document, "by"), document.CreatedTicks) : null;

    /// <summary>Null where the account is not held.</summary>
    public async Task<AccountHold?> FindHoldAsync(string account) =>
        await journal.FindDocumentAsync(DocumentKind.Hold, account) is { Status: Held } document ? HoldOf(document) : null;

    /// <summary>The accounts that are held, those that were held first of late before others.</summary>
    /// <param name="after">Behind which hold to go on: its place in this list.</param>
    public async Task<IReadOnlyList<HeldAccount>> ListHoldsAsync((long CreatedTicks, string Account)? after, int max)
    {
        var place = after is var (ticks, account) ? new DocumentPlace(ticks, account) : (DocumentPlace?)null;
        var found = await journal.ListDocumentsAsync(DocumentKind.Hold, new DocumentFilter(Statuses: [Held]), place, max);
        return [.. found.Select(static document => new HeldAccount(document.Key, HoldOf(document), document.CreatedTicks))];
    }

    private static AccountHold HoldOf(Document document)
    {
        using var json = JsonDocument.Parse(document.Body);
        var outcome = json.RootElement.GetProperty("outcome").GetString() == "review" ? Outcome.Review : Outcome.Decline;
        return new AccountHold(outcome, TextOf(document, "by"), TextOf(document, "reason"), document.UpdatedTicks);
    }

    private static string TextOf(Document document, string member)
    {
        using var json = JsonDocument.Parse(document.Body);
        return json.RootElement.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
    }
}

/// <summary>An account that is held.</summary>
/// <param name="CreatedTicks">When it was held for the first time ever, in UTC ticks of the clock: its place in the list.</param>
public sealed record HeldAccount(string Account, AccountHold Hold, long CreatedTicks);

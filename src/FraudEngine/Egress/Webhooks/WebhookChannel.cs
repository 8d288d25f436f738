using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress.Delivery;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Webhooks;

/// <summary>Alerts go to an endpoint by HTTP.</summary>
/// <param name="concurrencyMax">Requests under way.</param>
internal sealed class WebhookChannel(WebhookEndpoint endpoint, WebhookSender sender, IJournal journal, RespondLinks links, int concurrencyMax, TimeProvider clock) : IAlertChannel
{
    public WebhookEndpoint Endpoint { get; } = endpoint;

    public string Name => Endpoint.Channel;

    public int ConcurrencyMax { get; } = concurrencyMax;

    public Grouping Grouping => Endpoint.Grouping;

    public async ValueTask<IReadOnlyList<AlertPlan?>> PlanAsync(IReadOnlyList<StoredAlert> alerts, DateTimeOffset now)
    {
        var plan = new AlertPlan(now, IsUrgent: false);
        var chosen = Endpoint.Accounts == WebhookAccounts.Chosen ? await ChosenByAsync(alerts) : null;
        return [.. alerts.Select(alert => IsWanted(alert.Decision) && chosen?.Contains(AccountOf(alert)) != false ? plan : (AlertPlan?)null)];
    }

    public Task<SendResult> SendAsync(AlertMessage message, CancellationToken cancellation) =>
        sender.SendAsync(Endpoint, message.Key, WebhookBody.OfAlerts(message, journal.Catalog, links, clock.GetUtcNow()), cancellation);

    private static string AccountOf(StoredAlert alert) => alert.Transaction.TextString(TransactionField.AccountId);

    private bool IsWanted(Decision decision) => decision.RaisesFraudAlert ? Endpoint.WantsFraud : Endpoint.WantsActivity;

    /// <summary>The accounts whose customers have chosen this endpoint.</summary>
    private async Task<HashSet<string>> ChosenByAsync(IReadOnlyList<StoredAlert> alerts)
    {
        var accounts = alerts.Select(AccountOf).Distinct().ToList();
        var preferences = await journal.FindDocumentsAsync(DocumentKind.Preferences, accounts);
        return
        [
            .. preferences.Where(document => CustomerPreferences.FromBytes(document.Body).Webhooks.Contains(Endpoint.Name)).Select(static document => document.Key),
        ];
    }
}

using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress.Delivery;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Mail;

/// <summary>Alerts go to customers by e-mail, as their preferences say.</summary>
/// <param name="write">Writes what a message says.</param>
/// <param name="concurrencyMax">Connections at a time.</param>
internal sealed class EmailChannel(
    IJournal journal, SmtpSender sender, Func<AlertMessage, CustomerPreferences, DateTimeOffset, MailContent> write, Grouping grouping, int concurrencyMax, TimeProvider clock)
    : IAlertChannel
{
    public const string ChannelName = "email";

    // So that declined payments one shortly after the other, as when a card is being tried out, are not as many messages.
    private static readonly TimeSpan UrgentWait = TimeSpan.FromSeconds(2);

    public string Name => ChannelName;

    public int ConcurrencyMax { get; } = concurrencyMax;

    public Grouping Grouping { get; } = grouping;

    public async ValueTask<IReadOnlyList<AlertPlan?>> PlanAsync(IReadOnlyList<StoredAlert> alerts, DateTimeOffset now)
    {
        var documents = await journal.FindDocumentsAsync(DocumentKind.Preferences, [.. alerts.Select(AccountOf).Distinct()]);
        var preferences = documents.ToDictionary(static document => document.Key, Read);
        return [.. alerts.Select(alert => PlanOf(alert, preferences.GetValueOrDefault(AccountOf(alert)), now))];
    }

    /// <summary>To the address of now: it may be another than when the alert was raised.</summary>
    public async Task<SendResult> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        CustomerPreferences? preferences;
        try
        {
            var document = await journal.FindDocumentAsync(DocumentKind.Preferences, AccountOf(message.Alerts[0]));
            preferences = document is not null ? Read(document) : null;
        }
        catch (IOException)
        {
            return new SendResult("The customer's preferences can't be read now.", IsOfEndpoint: false);
        }

        return preferences?.Email is { } address
            ? await sender.SendAsync(address, message.Key, write(message, preferences, clock.GetUtcNow()), cancellation)
            : new SendResult("The customer has no address any more.", IsPermanent: true, IsOfEndpoint: false);
    }

    /// <summary>Damaged ones are those of a customer who wants nothing: they must not stop everybody's mail.</summary>
    private static CustomerPreferences? Read(Document document)
    {
        try
        {
            return CustomerPreferences.FromBytes(document.Body);
        }
        catch (Exception reason) when (reason is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    private AlertPlan? PlanOf(StoredAlert alert, CustomerPreferences? preferences, DateTimeOffset now)
    {
        if (preferences?.Email is null)
        {
            return null;
        }

        // Of a held account each payment is declined, and the customer knows why.
        var isUrgent = AlertSeverities.Of(alert.Decision) == AlertSeverity.High && alert.Decision.Held == Outcome.None;
        var wait = UrgentWait < Grouping.Wait ? UrgentWait : Grouping.Wait;
        return new AlertPlan(isUrgent ? now + wait : QuietTime.EndOf(preferences.Quiet, now), isUrgent);
    }

    private static string AccountOf(StoredAlert alert) => alert.Transaction.TextString(TransactionField.AccountId);
}

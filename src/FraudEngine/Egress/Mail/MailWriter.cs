using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress.Delivery;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Mail;

/// <summary>Writes the e-mail for a message, in the customer's language. docs/alerts.md names what templates can show.</summary>
internal sealed class MailWriter(MailTemplates templates, ReasonCatalog catalog, RespondLinks links)
{
    /// <summary>Rules, models and their reasons must be in the catalog.</summary>
    public MailContent Write(AlertMessage message, CustomerPreferences preferences, DateTimeOffset now)
    {
        var language = MailTemplates.Languages.Contains(preferences.Language) ? preferences.Language : MailTemplates.Languages[0];
        var payments = message.Alerts.Select(alert => Payment(alert, preferences, language, now)).ToList();
        var first = message.Alerts[0].Transaction;
        var isFraud = message.Alerts.Any(static alert => alert.Decision.RaisesFraudAlert);
        var values = new Dictionary<string, object>
        {
            ["count"] = payments.Count,
            ["isOne"] = payments.Count == 1,
            ["isFraud"] = isFraud,
            ["payments"] = payments,
            ["accountEnding"] = PaymentText.AccountEnding(first),
            ["expires"] = PaymentText.Time((now + links.ValidFor).UtcTicks, preferences, language),
        };

        // What is said of the only payment can be said of the message.
        foreach (var name in (ReadOnlySpan<string>)["amount", "declined", "review", "activity"])
        {
            values[name] = payments[0][name];
        }

        return templates.Render(language, values);
    }

    private Dictionary<string, object> Payment(StoredAlert alert, CustomerPreferences preferences, string language, DateTimeOffset now)
    {
        var (transaction, decision) = (alert.Transaction, alert.Decision);
        var isFraud = decision.RaisesFraudAlert;
        var against = isFraud ? catalog.ReasonsOf(decision).Where(static reason => reason.IsAgainst) : [];
        var reasons = against.Concat(catalog.ActivityOf(decision)).Select(reason => reason.TextFor(transaction, language)).ToList();
        return new Dictionary<string, object>
        {
            ["amount"] = PaymentText.Amount(transaction, language),
            ["merchant"] = PaymentText.Merchant(transaction),
            ["time"] = PaymentText.Time(transaction.TimestampTicks, preferences, language),
            ["declined"] = isFraud && decision.Outcome == Outcome.Decline,
            ["review"] = isFraud && decision.Outcome == Outcome.Review,
            ["activity"] = !isFraud,
            ["hasReasons"] = reasons.Count > 0,
            ["reasons"] = reasons,
            ["link"] = links.UrlOf(alert, now) ?? "",
        };
    }
}

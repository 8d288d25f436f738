using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Egress.Delivery;

namespace FraudEngine.Egress.Mail;

/// <summary>Writes the e-mail for a message, in the customer's language.</summary>
internal sealed class MailWriter(ReasonCatalog catalog, RespondLinks links)
{
    public MailContent Write(AlertMessage message, CustomerPreferences preferences, DateTimeOffset now) => throw new NotImplementedException();
}

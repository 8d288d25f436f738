using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Storage;

namespace FraudEngine.Egress;

/// <summary>Makes the links in alerts by which customers answer them.</summary>
/// <param name="publicUrl">Where customers reach the engine; asked each time.</param>
/// <param name="validFor">How long a link is good.</param>
internal sealed class RespondLinks(AlertLinks links, Func<string> publicUrl, TimeSpan validFor)
{
    /// <summary>How long a link is good.</summary>
    public TimeSpan ValidFor => validFor;

    /// <summary>Null where there is nothing to answer: only suspected fraud is confirmed or denied.</summary>
    public string? UrlOf(StoredAlert alert, DateTimeOffset now) => alert.Decision.RaisesFraudAlert
        ? $"{publicUrl().TrimEnd('/')}/respond/{links.Make(AlertId.Of(alert.Transaction), (now + validFor).UtcTicks)}"
        : null;
}

using FraudEngine.Domain;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Hosting;

/// <summary>How customers answer alerts, and what their answers bring about.</summary>
public sealed class CustomerOptions
{
    public const string Section = "Customers";

    /// <summary>Where customers reach the engine, for the links in alerts; empty for the first of the addresses where it listens.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>How long a link is good, and an alert can be answered.</summary>
    public TimeSpan LinksValidFor { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long payments of a pattern that the customer has confirmed raise no alert, from the event time of the confirmed one.</summary>
    public TimeSpan ConfirmedFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>What the payments of an account get after a denial, until it is released.</summary>
    public Outcome HoldOutcome { get; set; } = Outcome.Decline;

    internal ResponseTerms Terms => new(ConfirmedFor.Ticks, HoldOutcome);

    internal IEnumerable<string> Problems()
    {
        if (PublicUrl.Length > 0 && (!Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")))
        {
            yield return $"Customers:PublicUrl is '{PublicUrl}', but must be an address such as https://alerts.example.com.";
        }

        if (LinksValidFor < TimeSpan.FromMinutes(1) || LinksValidFor > TimeSpan.FromDays(90))
        {
            yield return $"Customers:LinksValidFor is {LinksValidFor}, but must be from 00:01:00 to 90.00:00:00.";
        }

        if (ConfirmedFor < TimeSpan.Zero || ConfirmedFor > TimeSpan.FromDays(365))
        {
            yield return $"Customers:ConfirmedFor is {ConfirmedFor}, but must be from 00:00:00 to 365.00:00:00.";
        }

        if (HoldOutcome is not (Outcome.Review or Outcome.Decline))
        {
            yield return $"Customers:HoldOutcome is {HoldOutcome}, but must be Review or Decline.";
        }
    }
}

using System.Globalization;
using FraudEngine.Ingress.Feed;
using FraudEngine.Messaging;

namespace FraudEngine.Hosting;

/// <summary>Where the broker is, and what is taken from it.</summary>
public sealed class BrokerOptions
{
    public const string Section = "Broker";

    private const int PrefetchTop = 10_000;

    /// <summary><c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS; empty for none. Never to be shown: see <see cref="ToString"/>.</summary>
    public string Url { get; set; } = "";

    /// <summary>Whether the transactions of the broker's queues are decided.</summary>
    public bool Feed { get; set; } = true;

    /// <summary>Transactions per queue that are delivered and not yet acknowledged.</summary>
    public int PrefetchMax { get; set; } = new FeedSettings().PrefetchMax;

    /// <summary>Where it is; null where there is none.</summary>
    internal Uri? Address => Url.Length > 0 && Uri.TryCreate(Url, UriKind.Absolute, out var url) && BrokerUrl.Check(url) is null ? url : null;

    /// <summary>The address without user and password.</summary>
    public override string ToString() => Address is { } url
        ? string.Create(CultureInfo.InvariantCulture, $"{url.Scheme}://{url.Host}{(url.IsDefaultPort || url.Port < 0 ? "" : $":{url.Port}")}{url.AbsolutePath}")
        : "no broker";

    internal IEnumerable<string> Problems()
    {
        // Not the value, which may hold a password.
        if (Url.Length > 0 && !Uri.TryCreate(Url, UriKind.Absolute, out _))
        {
            yield return "Broker:Url is no address of a broker; one looks like amqp://user:password@127.0.0.1:5672/ (amqps:// for TLS), with special characters of the password escaped (%40 for @).";
        }
        else if (Url.Length > 0 && BrokerUrl.Check(new Uri(Url)) is { } problem)
        {
            yield return $"Broker:Url: {problem}";
        }

        if (PrefetchMax is < 1 or > PrefetchTop)
        {
            yield return $"Broker:PrefetchMax is {PrefetchMax}, but must be from 1 to {PrefetchTop}.";
        }
    }
}

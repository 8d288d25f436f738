using FraudEngine.Egress.Delivery;
using FraudEngine.Egress.Webhooks;

namespace FraudEngine.Hosting;

/// <summary>How alerts go to webhook endpoints.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Endpoints that need no call of <c>PUT /v1/webhooks</c>, by name.</summary>
    public Dictionary<string, WebhookEndpointOptions> Endpoints { get; set; } = [];

    /// <summary>Whether an endpoint may be in the own network, or speak plain HTTP.</summary>
    public bool AllowPrivate { get; set; }

    /// <summary>Requests under way per endpoint.</summary>
    public int Concurrency { get; set; } = 16;

    /// <summary>Requests begun in a second per endpoint, so that a flood of alerts is not sent at the decisions' cost: a quarter of it while the engine is busy. What is above waits in the outbox.</summary>
    public int RateMax { get; set; } = 2000;

    /// <summary>After which a request without an answer has failed.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After which an alert that no attempt could deliver becomes a dead letter.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    internal WebhookSettings ToSettings(Func<bool> isBusy) =>
        new(AllowPrivate, Concurrency, new DeliverySettings { GiveUpAfter = GiveUpAfter, RateMax = RateMax, IsBusy = isBusy });

    /// <summary>Of all accounts, and one message for each alert.</summary>
    internal IEnumerable<WebhookEndpoint> ToEndpoints() => Endpoints.Select(static endpoint => new WebhookEndpoint(
        endpoint.Key, new Uri(endpoint.Value.Url), [.. endpoint.Value.Secrets.Select(static secret => new WebhookKey(secret, long.MaxValue))],
        WebhookAccounts.All, WantsFraud: true, WantsActivity: true, Grouping.None)
    { IsFixed = true });

    internal IEnumerable<string> Problems()
    {
        foreach (var (name, endpoint) in Endpoints)
        {
            if (!WebhookEndpoint.IsName(name))
            {
                yield return $"Webhooks:Endpoints:{name} has a name with other than small letters, digits and hyphens, or of more than 64.";
            }

            // The address and the secret themselves are not said: they stand in logs then.
            if (WebhookEndpoint.ProblemOf(endpoint.Url, AllowPrivate) is { } wrong)
            {
                yield return $"Webhooks:Endpoints:{name}:Url {wrong}.";
            }

            if (endpoint.Secrets.Length == 0 || !Array.TrueForAll(endpoint.Secrets, static secret => WebhookSecret.Read(secret) is not null))
            {
                yield return $"Webhooks:Endpoints:{name}:Secret must be whsec_ and 24 to 64 bytes in base64; after a rotation two of them, parted by a blank.";
            }
        }

        if (Concurrency is < 1 or > 1000)
        {
            yield return $"Webhooks:Concurrency is {Concurrency}, but must be from 1 to 1000.";
        }

        if (RateMax is < 1 or > 100_000)
        {
            yield return $"Webhooks:RateMax is {RateMax}, but must be from 1 to 100000.";
        }

        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > TimeSpan.FromMinutes(5))
        {
            yield return $"Webhooks:Timeout is {Timeout}, but must be from 00:00:00.1 to 00:05:00.";
        }

        if (GiveUpAfter < TimeSpan.Zero || GiveUpAfter > TimeSpan.FromDays(30))
        {
            yield return $"Webhooks:GiveUpAfter is {GiveUpAfter}, but must be from 00:00:00 to 30.00:00:00.";
        }
    }
}

/// <summary>One webhook endpoint.</summary>
public sealed class WebhookEndpointOptions
{
    public string Url { get; set; } = "";

    /// <summary><c>whsec_</c> and 24 to 64 bytes in base64; after a rotation the new and the old one, parted by a blank.</summary>
    public string Secret { get; set; } = "";

    internal string[] Secrets => Secret.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

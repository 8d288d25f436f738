using System.Collections.Immutable;
using FraudEngine.Egress.Delivery;

namespace FraudEngine.Egress.Webhooks;

/// <summary>Which alerts an endpoint gets.</summary>
internal enum WebhookAccounts : byte
{
    None,

    /// <summary>Those of all accounts.</summary>
    All,

    /// <summary>Those of accounts whose customers have chosen it in their preferences.</summary>
    Chosen,
}

/// <param name="Secret">As <see cref="WebhookSecret"/> has it.</param>
/// <param name="UntilTicks">Until when it signs, in UTC ticks; <see cref="long.MaxValue"/> for the present one.</param>
internal sealed record WebhookKey(string Secret, long UntilTicks);

/// <summary>An endpoint to which alerts are sent.</summary>
/// <param name="Keys">The present one first.</param>
/// <param name="WantsFraud">Whether it gets alerts of suspected fraud.</param>
/// <param name="WantsActivity">Whether it gets alerts of activities that customers have chosen.</param>
internal sealed record WebhookEndpoint(
    string Name, Uri Url, ImmutableArray<WebhookKey> Keys, WebhookAccounts Accounts, bool WantsFraud, bool WantsActivity, Grouping Grouping)
{
    public const string ChannelPrefix = "webhook:";

    /// <summary>Alerts in one message at most, where alerts are grouped.</summary>
    public const int GroupMax = 100;

    public string Channel => ChannelPrefix + Name;

    /// <summary>Whether it stands in the configuration, and is changed there only.</summary>
    public bool IsFixed { get; init; }

    /// <summary>The keys that sign now.</summary>
    public IEnumerable<byte[]> KeysAt(long nowTicks) => Keys.Where(key => key.UntilTicks > nowTicks).Select(static key => WebhookSecret.Read(key.Secret)!);

    /// <summary>Small letters, digits and hyphens, at most 64.</summary>
    public static bool IsName(string name) =>
        name.Length is >= 1 and <= 64 && name[0] != '-' && name.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>What is wrong with an address; null where nothing is.</summary>
    public static string? ProblemOf(string url, bool allowPrivate) =>
        !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http") || uri.Host.Length == 0 || url.Length > 2000
            ? "must be an address such as https://push.example.com/alerts, of at most 2000 characters"
        : uri.Scheme == "http" && !allowPrivate ? "must begin with https:// (but for Webhooks:AllowPrivate)"
        : uri.UserInfo.Length > 0 || uri.Fragment.Length > 0 ? "must have no user, password or fragment"
        : null;
}

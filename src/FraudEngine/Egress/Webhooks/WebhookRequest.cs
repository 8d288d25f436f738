using System.Globalization;
using System.Text.Json;
using FraudEngine.Egress.Delivery;

namespace FraudEngine.Egress.Webhooks;

/// <summary>What <c>PUT /v1/webhooks/{name}</c> asks for.</summary>
internal sealed class WebhookRequest
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromHours(1);
    private const int PerHourLimit = 10_000;

    public required Uri Url { get; init; }

    /// <summary>Null where none is given.</summary>
    public string? Secret { get; init; }

    public WebhookAccounts Accounts { get; init; }

    public bool WantsFraud { get; init; }

    public bool WantsActivity { get; init; }

    public Grouping Grouping { get; init; } = Grouping.None;

    /// <summary>Reads a body; says what is wrong with it.</summary>
    public static (WebhookRequest? Request, string? Problem) Read(JsonElement body, bool allowPrivate)
    {
        if (Unknown(body, "url", "secret", "accounts", "kinds", "group") is { } unknown)
        {
            return (null, unknown);
        }

        var url = Text(body, "url") ?? "";
        var secret = Text(body, "secret");
        var accounts = (Text(body, "accounts") ?? "all") switch { "all" => WebhookAccounts.All, "chosen" => WebhookAccounts.Chosen, _ => WebhookAccounts.None };
        var kinds = ReadKinds(body);
        var (grouping, groupProblem) = ReadGroup(body);
        var problem = WebhookEndpoint.ProblemOf(url, allowPrivate) is { } wrong ? $"url {wrong}."
            : IsOtherThanText(body, "secret") || (secret is not null && WebhookSecret.Read(secret) is null) ? "secret must be whsec_ and 24 to 64 bytes in base64."
            : IsOtherThanText(body, "accounts") || accounts == WebhookAccounts.None ? "accounts must be \"all\" or \"chosen\"."
            : kinds is null ? "kinds must be a list of \"fraud\" and \"activity\", with one of them at least."
            : groupProblem;
        return problem is not null ? (null, problem) : (new WebhookRequest
        {
            Url = new Uri(url),
            Secret = secret,
            Accounts = accounts,
            WantsFraud = kinds!.Contains("fraud"),
            WantsActivity = kinds.Contains("activity"),
            Grouping = grouping,
        }, null);
    }

    /// <summary>Reads a time such as <c>00:00:10</c> or <c>1.00:00:00</c>; null where it is none, or out of range.</summary>
    public static TimeSpan? ReadTime(JsonElement body, string name, TimeSpan max) =>
        Text(body, name) is { } text && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var time) && time >= TimeSpan.Zero && time <= max ? time : null;

    /// <summary>Names a member that is not known, so that a typing error does not go unseen; null where there is none.</summary>
    public static string? Unknown(JsonElement body, params string[] known) =>
        body.EnumerateObject().FirstOrDefault(member => !known.Contains(member.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown
            ? $"There is no '{unknown.Name}'; there are {string.Join(", ", known)}."
            : null;

    public static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsOtherThanText(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null);

    private static HashSet<string>? ReadKinds(JsonElement body)
    {
        if (!body.TryGetProperty("kinds", out var kinds) || kinds.ValueKind == JsonValueKind.Null)
        {
            return ["fraud", "activity"];
        }

        if (kinds.ValueKind != JsonValueKind.Array || kinds.EnumerateArray().Any(static kind => kind.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        HashSet<string> read = [.. kinds.EnumerateArray().Select(static kind => kind.GetString()!)];
        return read.Count > 0 && read.IsSubsetOf(["fraud", "activity"]) ? read : null;
    }

    private static (Grouping Grouping, string? Problem) ReadGroup(JsonElement body)
    {
        if (!body.TryGetProperty("group", out var group) || group.ValueKind == JsonValueKind.Null)
        {
            return (Grouping.None, null);
        }

        if (group.ValueKind != JsonValueKind.Object)
        {
            return (Grouping.None, "group must be an object of wait and perHour.");
        }

        if (Unknown(group, "wait", "perHour") is { } unknown)
        {
            return (Grouping.None, unknown);
        }

        var perHour = int.MaxValue;
        if (group.TryGetProperty("perHour", out var number)
            && (number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out perHour) || perHour is < 1 or > PerHourLimit))
        {
            return (Grouping.None, $"group.perHour must be a whole number from 1 to {PerHourLimit}.");
        }

        return group.TryGetProperty("wait", out _) && ReadTime(group, "wait", WaitMax) is null
            ? (Grouping.None, "group.wait must be from 00:00:00 to 01:00:00.")
            : (new Grouping(ReadTime(group, "wait", WaitMax) ?? TimeSpan.Zero, perHour, WebhookEndpoint.GroupMax), null);
    }
}

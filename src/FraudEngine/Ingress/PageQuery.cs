using System.Globalization;

namespace FraudEngine.Ingress;

/// <summary>Pages of lists whose entries have a time of creation and a key: <c>?limit=</c> and <c>?after=</c>, which the page before says as its <c>next</c>.</summary>
internal static class PageQuery
{
    /// <summary>False where a number or a place is wrong.</summary>
    public static bool TryRead(
        HttpContext context, int limitDefault, int limitMax, Func<string, bool> isKey, out int limit, out (long CreatedTicks, string Key)? after)
    {
        limit = limitDefault;
        after = null;
        if (context.Request.Query["limit"].FirstOrDefault() is { } text
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit >= 1 && limit <= limitMax))
        {
            return false;
        }

        if (context.Request.Query["after"].FirstOrDefault() is not { Length: > 0 } place)
        {
            return true;
        }

        var dash = place.IndexOf('-', StringComparison.Ordinal);
        if (dash <= 0 || !long.TryParse(place.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) || !isKey(place[(dash + 1)..]))
        {
            return false;
        }

        after = (ticks, place[(dash + 1)..]);
        return true;
    }

    /// <summary>What to give as <c>after</c> for the next page.</summary>
    public static string Next(long createdTicks, string key) => string.Create(CultureInfo.InvariantCulture, $"{createdTicks}-{key}");

    public static Problem Invalid(int limitMax, string others = "") =>
        new(400, "invalid-query", "Invalid query", $"limit must be a whole number from 1 to {limitMax}, and after what the page before gave as next.{others}");
}

using Microsoft.AspNetCore.Http.Features;

namespace FraudEngine.Ingress;

/// <summary>Parts of a request's path as the client meant them.</summary>
internal static class RequestPath
{
    /// <summary>
    /// The text of a route's last or only free segment. Routing leaves %2F as it is but decodes %252F to the same, so the text is taken from the request line.
    /// </summary>
    /// <param name="before">The path up to the segment, such as <c>/v1/accounts/</c>.</param>
    /// <param name="routeValue">What routing calls it, for a request line that has another form.</param>
    public static string Segment(HttpContext context, string before, string routeValue)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        var start = target.IndexOf(before, StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return (string)context.Request.RouteValues[routeValue]!;
        }

        var rest = target[(start + before.Length)..];
        var end = rest.IndexOfAny('/', '?');
        return Uri.UnescapeDataString(end < 0 ? rest : rest[..end]);
    }
}

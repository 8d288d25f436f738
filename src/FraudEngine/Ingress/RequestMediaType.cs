using Microsoft.Net.Http.Headers;

namespace FraudEngine.Ingress;

/// <summary>What a request's body is.</summary>
internal static class RequestMediaType
{
    /// <summary>The media type in small letters; null where none is given, or the body is compressed or not UTF-8.</summary>
    public static string? Of(HttpRequest request) =>
        request.Headers.ContentEncoding.Count > 0 ? null
        : request.ContentType is "application/json" or "application/x-ndjson" ? request.ContentType
        : MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) && IsUtf8(parsed) ? parsed.MediaType.Value?.ToLowerInvariant()
        : null;

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}

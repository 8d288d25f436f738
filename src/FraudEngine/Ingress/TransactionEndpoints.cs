using FraudEngine.Engine;
using Microsoft.Net.Http.Headers;

namespace FraudEngine.Ingress;

/// <summary><c>POST /v1/transactions</c>: one as JSON, many as NDJSON.</summary>
public static class TransactionEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, IngressSettings settings)
    {
        var single = new SingleEndpoint(engine, settings);
        var stream = new StreamEndpoint(engine, settings, routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        routes.MapPost("/v1/transactions", context => MediaType(context.Request) switch
        {
            "application/json" => single.Handle(context),
            "application/x-ndjson" or "application/ndjson" => stream.Handle(context),
            _ => ProblemResponse.Write(context, Problem.ContentType),
        });
    }

    private static string? MediaType(HttpRequest request) =>
        request.Headers.ContentEncoding.Count > 0 ? null
        : request.ContentType is "application/json" or "application/x-ndjson" ? request.ContentType
        : MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) && IsUtf8(parsed) ? parsed.MediaType.Value?.ToLowerInvariant()
        : null;

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
}

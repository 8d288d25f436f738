using FraudEngine.Engine;
using FraudEngine.Ingress.FastLane;

namespace FraudEngine.Ingress;

/// <summary><c>POST /v1/transactions</c>: one as JSON, many as NDJSON.</summary>
public static class TransactionEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, IngressSettings settings, OpenStreams streams)
    {
        var exchanges = SingleExchanges.Pool(settings);
        var single = new SingleEndpoint(engine, settings, exchanges);
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var exchange = new StreamExchange(new TransactionStream(engine, settings).Lines, streams, settings, stopping);
        var stream = new StreamEndpoint(exchange);
        routes.ServiceProvider.GetRequiredService<Lane>().Open(engine, exchanges, exchange);
        routes.MapPost("/v1/transactions", context => RequestMediaType.Of(context.Request) switch
        {
            "application/json" => single.Handle(context),
            "application/x-ndjson" or "application/ndjson" => stream.Handle(context),
            _ => ProblemResponse.Write(context, Problem.ContentType),
        });
    }
}

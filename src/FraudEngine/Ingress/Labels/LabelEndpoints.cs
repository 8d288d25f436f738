using FraudEngine.Engine;

namespace FraudEngine.Ingress.Labels;

/// <summary><c>POST /v1/labels</c>: what transactions turned out to be, one as JSON, many as NDJSON.</summary>
public static class LabelEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, IngressSettings settings, OpenStreams streams)
    {
        var single = new SingleLabelEndpoint(engine, settings);
        var lines = new LineStream(KindOf(engine), engine.Admission, settings);
        var stopping = routes.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var stream = new StreamEndpoint(new StreamExchange(lines, streams, settings, stopping));
        routes.MapPost("/v1/labels", context => RequestMediaType.Of(context.Request) switch
        {
            "application/json" => single.Handle(context),
            "application/x-ndjson" or "application/ndjson" => stream.Handle(context),
            _ => ProblemResponse.Write(context, LabelProblem.ContentType),
        });
    }

    private static LineKind KindOf(DecisionEngine engine) => new(LabelProblem.TooLarge, LabelProblem.CutOff, () =>
    {
        var reader = new LabelReader();
        return window => new LabelLine(window, engine, reader);
    });
}

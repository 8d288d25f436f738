using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Trials;

namespace FraudEngine.Ingress;

/// <summary><c>/v1/rules/shadow</c>: rule sets and models that are tried on live traffic, beside those in force and off the answers' path.</summary>
public static class ShadowEndpoints
{
    /// <summary>How errors name the rules in a request.</summary>
    private const string BodyName = "rules";

    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, Shadows shadows)
    {
        routes.MapGet("/v1/rules/shadow", StoreFailure.Answered(context => List(context, shadows)));
        routes.MapGet("/v1/rules/shadow/{name}", StoreFailure.Answered(context => Show(context, shadows)));
        routes.MapPut("/v1/rules/shadow/{name}", StoreFailure.Answered(context => Put(context, engine, shadows)));
        routes.MapDelete("/v1/rules/shadow/{name}", StoreFailure.Answered(context => Delete(context, shadows)));
    }

    private static async Task List(HttpContext context, Shadows shadows)
    {
        var all = shadows.All;
        var lags = new long[all.Length];
        for (var i = 0; i < lags.Length; i++)
        {
            lags[i] = await shadows.LagAsync(all[i]);
        }

        await JsonResponse.Write(context, json =>
        {
            json.WriteStartArray("shadows");
            for (var i = 0; i < lags.Length; i++)
            {
                json.WriteStartObject();
                Write(json, all[i], lags[i]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static Task Show(HttpContext context, Shadows shadows) =>
        shadows.Find(Name(context)) is { } shadow ? Write(context, shadows, shadow) : ProblemResponse.Write(context, Unknown);

    private static async Task Put(HttpContext context, DecisionEngine engine, Shadows shadows)
    {
        var name = Name(context);
        if (!CandidateName.IsOne(name))
        {
            await ProblemResponse.Write(context, new Problem(400, "invalid-name", "Invalid name", CandidateName.Rule));
            return;
        }

        if (await ShadowBody.ReadAsync(context) is not { } body)
        {
            return;
        }

        var answer = await shadows.PutAsync(name, body.Rules ?? engine.InForce.Rules.Source, BodyName, body.Model);
        await (answer.Shadow is { } shadow ? Write(context, shadows, shadow)
            : answer.Refusal is { } refusal ? TrialProblems.Write(context, refusal)
            : ProblemResponse.Write(context, new Problem(409, "too-many-shadows", "Too many shadows", $"There are {Shadows.Max} shadows already. Remove one (DELETE /v1/rules/shadow/{{name}}).")));
    }

    private static async Task Delete(HttpContext context, Shadows shadows)
    {
        if (!await shadows.RemoveAsync(Name(context)))
        {
            await ProblemResponse.Write(context, Unknown);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task Write(HttpContext context, Shadows shadows, Shadow shadow)
    {
        var lag = await shadows.LagAsync(shadow);
        var report = shadow.Report();
        if (report is not null && TrialReportBody.WantsCsv(context))
        {
            await TrialReportBody.WriteCsv(context, report);
            return;
        }

        await JsonResponse.Write(context, json =>
        {
            Write(json, shadow, lag);
            json.WritePropertyName("report");
            TrialReportBody.Write(json, report);
        });
    }

    private static void Write(Utf8JsonWriter json, Shadow shadow, long lag)
    {
        json.WriteString("name", shadow.Name);
        json.WriteString("ruleSet", shadow.RuleSet);
        json.WriteString("model", shadow.Model);
        json.WriteString("at", TimestampText.Format(shadow.AtTicks));
        json.WriteString("state", StateText(shadow.State));
        json.WriteNumber("filled", Math.Min(shadow.Position, shadow.AfterPosition));
        json.WriteNumber("toFill", shadow.AfterPosition);
        json.WriteNumber("lag", lag);
        json.WriteString("failure", shadow.Failure);
    }

    private static string StateText(ShadowState state) => state switch
    {
        ShadowState.Filling => "filling",
        ShadowState.Live => "live",
        ShadowState.Failed => "failed",
        ShadowState.None => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static Problem Unknown { get; } = new(404, "unknown-shadow", "Unknown shadow", "There is none of that name. GET /v1/rules/shadow names those that there are.");
}

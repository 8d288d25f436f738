using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary><c>/v1/model</c>: the model in force, as JSON or as its YAML, and another one, or none, in its place; its versions, and the way back to one of them.</summary>
public static class ModelEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, ModelBook book)
    {
        routes.MapGet("/v1/model", StoreFailure.Answered(context => Show(context, engine)));
        routes.MapPut("/v1/model", StoreFailure.Answered(context => Put(context, book)));
        routes.MapDelete("/v1/model", StoreFailure.Answered(context => Delete(context, book)));
        routes.MapGet("/v1/model/versions", StoreFailure.Answered(context => ListVersions(context, book)));
        routes.MapPost("/v1/model/rollback", StoreFailure.Answered(context => RollBack(context, book)));
    }

    private static Task Show(HttpContext context, DecisionEngine engine)
    {
        var inForce = engine.InForce;
        return inForce.Model is not { Model: var model }
            ? ProblemResponse.Write(context, new Problem(404, "unknown-model", "Unknown model", "No model is in force; the rules score alone."))
            : RuleEndpoints.WantsYaml(context) ? RuleJson.WriteYaml(context, model.Features.Source)
            : JsonResponse.Write(context, json => ModelJson.Write(json, inForce));
    }

    private static async Task Put(HttpContext context, ModelBook book)
    {
        if (await ModelBody.ReadAsync(context) is { } model)
        {
            await Answer(context, await book.PutAsync(model, RuleSetCause.Http));
        }
    }

    private static async Task Delete(HttpContext context, ModelBook book) => await Answer(context, await book.RemoveAsync(RuleSetCause.Http));

    private static async Task ListVersions(HttpContext context, ModelBook book)
    {
        var versions = await book.ReadVersionsAsync();
        await JsonResponse.Write(context, json =>
        {
            json.WriteStartArray("versions");
            foreach (var version in versions)
            {
                json.WriteStartObject();
                json.WriteString("model", version.Model.Reference);
                RuleJson.WriteVersion(json, version.Model.Name, version.Model.Version, version.IsInForce, version.Changes.Select(static change => (change.AtTicks, change.Cause)));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static async Task RollBack(HttpContext context, ModelBook book)
    {
        if (await RuleBody.ReadAsync(context, mayBeEmpty: true) is not { } body)
        {
            return;
        }

        if (!ReferenceBody.TryRead(body, "model", out var reference))
        {
            await ProblemResponse.Write(context, new Problem(
                400, "malformed", "Not a rollback", "The body is empty, for what was in force before, or {\"model\":\"name@version\"}."));
            return;
        }

        await Answer(context, await book.RollBackAsync(reference));
    }

    private static Task Answer(HttpContext context, ModelAnswer answer)
    {
        switch (answer.Kind)
        {
            case RulesAnswerKind.InForce or RulesAnswerKind.Unchanged when answer.InForce.Model is not null:
                return JsonResponse.Write(context, json => ModelJson.Write(json, answer.InForce));
            case RulesAnswerKind.InForce or RulesAnswerKind.Unchanged:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case RulesAnswerKind.Invalid when answer.Errors.Count > 0:
                return RuleProblems.WriteOfModel(context, answer.Errors.Select(static error => (error.Line, error.Column, error.Message, error.SourceLine)));
            case RulesAnswerKind.Invalid:
                return ProblemResponse.Write(context, ModelProblems.Unusable(answer.Detail));
            case RulesAnswerKind.VersionTaken:
                return ProblemResponse.Write(context, new Problem(409, "version-taken", "Version taken", answer.Detail));
            case RulesAnswerKind.Unknown:
                return ProblemResponse.Write(context, new Problem(404, "unknown-model", "Unknown model", answer.Detail));
            default:
                throw new ArgumentOutOfRangeException(nameof(answer));
        }
    }
}

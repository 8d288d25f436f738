using System.Text.Json;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>
/// <c>/v1/rules</c>: the rule set in force, as JSON or as its YAML, and another one put in its place; its versions, and the way back to one of them.
/// </summary>
public static class RuleEndpoints
{
    /// <summary>How errors name the rules in a request.</summary>
    private const string BodyName = "rules";

    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, RuleBook book)
    {
        routes.MapGet("/v1/rules", StoreFailure.Answered(context => Show(context, engine)));
        routes.MapPut("/v1/rules", StoreFailure.Answered(context => Put(context, book)));
        routes.MapGet("/v1/rules/versions", StoreFailure.Answered(context => ListVersions(context, book)));
        routes.MapGet("/v1/rules/versions/{ruleSet}", StoreFailure.Answered(context => ShowVersion(context, book)));
        routes.MapPost("/v1/rules/rollback", StoreFailure.Answered(context => RollBack(context, book)));
    }

    private static Task Show(HttpContext context, DecisionEngine engine)
    {
        var inForce = engine.InForce;
        return WantsYaml(context) ? RuleJson.WriteYaml(context, inForce.Rules.Source) : JsonResponse.Write(context, json => RuleJson.Write(json, inForce));
    }

    private static async Task Put(HttpContext context, RuleBook book)
    {
        if (await RuleBody.ReadAsync(context) is { } yaml)
        {
            await Answer(context, await book.PutAsync(yaml, BodyName, RuleSetCause.Http));
        }
    }

    private static async Task ListVersions(HttpContext context, RuleBook book)
    {
        var versions = await book.ReadVersionsAsync();
        await JsonResponse.Write(context, json =>
        {
            json.WriteStartArray("versions");
            foreach (var version in versions)
            {
                json.WriteStartObject();
                WriteVersion(json, version);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static async Task ShowVersion(HttpContext context, RuleBook book)
    {
        var reference = (string)context.Request.RouteValues["ruleSet"]!;
        var named = (await book.ReadVersionsAsync()).Where(version => version.Set.Reference == reference).ToList();

        // A shadow may bear the name and version of one that decided.
        if ((named.Find(version => !version.Changes.IsEmpty) ?? named.FirstOrDefault()) is not { } found)
        {
            await ProblemResponse.Write(context, Unknown($"No rule set {reference} is stored. GET /v1/rules/versions names those that are."));
            return;
        }

        await (WantsYaml(context)
            ? RuleJson.WriteYaml(context, found.Set.Source)
            : JsonResponse.Write(context, json =>
            {
                WriteVersion(json, found);
                json.WriteString("source", found.Set.Source);
            }));
    }

    private static async Task RollBack(HttpContext context, RuleBook book)
    {
        if (await RuleBody.ReadAsync(context, mayBeEmpty: true) is not { } body)
        {
            return;
        }

        if (!ReferenceBody.TryRead(body, "ruleSet", out var reference))
        {
            await ProblemResponse.Write(context, new Problem(
                400, "malformed", "Not a rollback", "The body is empty, for the rule set that was in force before, or {\"ruleSet\":\"name@version\"}."));
            return;
        }

        await Answer(context, await book.RollBackAsync(reference));
    }

    private static Task Answer(HttpContext context, RulesAnswer answer) => answer.Kind switch
    {
        RulesAnswerKind.InForce or RulesAnswerKind.Unchanged => JsonResponse.Write(context, json => RuleJson.Write(json, answer.InForce)),
        RulesAnswerKind.Invalid => RuleProblems.Write(context, answer.Errors.Select(error => (error.Line, error.Column, error.Message, error.SourceLine))),
        RulesAnswerKind.VersionTaken => ProblemResponse.Write(context, new Problem(409, "version-taken", "Version taken", answer.Detail)),
        RulesAnswerKind.Overtaken => ProblemResponse.Write(context, new Problem(409, "overtaken", "Overtaken", answer.Detail)),
        RulesAnswerKind.Unknown => ProblemResponse.Write(context, Unknown(answer.Detail)),
        RulesAnswerKind.None => throw new ArgumentOutOfRangeException(nameof(answer)),
    };

    private static void WriteVersion(Utf8JsonWriter json, RuleSetVersion version)
    {
        json.WriteString("ruleSet", version.Set.Reference);
        RuleJson.WriteVersion(json, version.Set.Name, version.Set.Version, version.IsInForce, version.Changes.Select(static change => (change.AtTicks, change.Cause)));
    }

    internal static bool WantsYaml(HttpContext context) => context.Request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase);

    private static Problem Unknown(string detail) => new(404, "unknown-rule-set", "Unknown rule set", detail);
}

using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Cases;

/// <summary><c>/v1/cases</c>: what analysts look into; read, and changed step by step.</summary>
public static class CaseEndpoints
{
    private const int PageDefault = 50;
    private const int PageMax = 200;
    private const int BytesMax = 16 << 10;

    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, CaseBook cases, IngressSettings settings)
    {
        var opening = new CaseOpening(cases);
        var resolution = new CaseResolution(engine, cases, settings);
        routes.MapGet("/v1/cases", StoreFailure.Answered(context => List(context, cases)));
        routes.MapPost("/v1/cases", StoreFailure.Answered(opening.Handle));
        routes.MapGet("/v1/cases/{id}", StoreFailure.Answered(context => Get(context, cases)));
        routes.MapPost("/v1/cases/{id}/assign", StoreFailure.Answered(context => Assign(context, cases)));
        routes.MapPost("/v1/cases/{id}/note", StoreFailure.Answered(context => Note(context, cases)));
        routes.MapPost("/v1/cases/{id}/resolve", StoreFailure.Answered(resolution.Handle));
        routes.MapPost("/v1/cases/{id}/reopen", StoreFailure.Answered(context => Reopen(context, cases)));
    }

    /// <summary>Whether it is one of a case: 32 hexadecimal digits, small letters.</summary>
    internal static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    internal static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    /// <summary>Answers with the case after a change, or with why there was none.</summary>
    internal static Task WriteAsync(HttpContext context, CaseChange change) =>
        CaseProblem.Of(change) is { } problem ? ProblemResponse.Write(context, problem) : JsonResponse.Write(context, json =>
        {
            CaseJson.Write(json, change.Stored!);
            json.WriteBoolean("changed", change.IsChanged);
        });

    private static async Task List(HttpContext context, CaseBook cases)
    {
        if (!PageQuery.TryRead(context, PageDefault, PageMax, IsId, out var limit, out var after) || !TryFilter(context, out var filter))
        {
            await ProblemResponse.Write(context, PageQuery.Invalid(PageMax, " status is open or resolved, outcome fraud, genuine or unsure; account and assignee have printable characters."));
            return;
        }

        var found = await cases.ListAsync(filter, after, limit + 1);
        await JsonResponse.Write(context, json =>
        {
            json.WriteStartArray("cases");
            foreach (var stored in found.Take(limit))
            {
                json.WriteStartObject();
                CaseJson.WriteSummary(json, stored);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", found.Count > limit ? PageQuery.Next(found[limit - 1].CreatedTicks, found[limit - 1].Case.Id) : null);
        });
    }

    private static bool TryFilter(HttpContext context, out CaseFilter filter)
    {
        var query = context.Request.Query;
        var (status, outcome) = (NonEmpty(query["status"].FirstOrDefault()), NonEmpty(query["outcome"].FirstOrDefault()));
        CaseStatus[] statuses = [CaseStatus.Open, CaseStatus.Resolved];
        CaseOutcome[] outcomes = [CaseOutcome.Fraud, CaseOutcome.Genuine, CaseOutcome.Unsure];
        filter = new CaseFilter(
            NonEmpty(query["account"].FirstOrDefault()),
            Array.Find(statuses, known => CaseJson.Word(known) == status),
            NonEmpty(query["assignee"].FirstOrDefault()),
            Array.Find(outcomes, known => CaseJson.Word(known) == outcome));
        return (status is null || filter.Status != CaseStatus.None) && (outcome is null || filter.Outcome != CaseOutcome.None)
            && new[] { filter.Account, filter.Assignee }.All(static name => name is null || BodyText.CheckId(name) is null);
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static async Task Get(HttpContext context, CaseBook cases) =>
        await (await cases.FindAsync(IdOf(context)) is { } stored
            ? JsonResponse.Write(context, json => CaseJson.Write(json, stored))
            : ProblemResponse.Write(context, CaseProblem.Unknown));

    private static async Task Assign(HttpContext context, CaseBook cases)
    {
        if (await JsonFields.ReadAsync(context, BytesMax, "to", "by", "version") is not { } fields)
        {
            return;
        }

        if (!fields.Has("to"))
        {
            fields.Add("to", "is required; null for nobody");
        }

        var to = fields.Text("to", BodyText.CheckId, isRequired: false);
        await ChangeAsync(context, cases, fields, (one, by) => one.Assign(to, by, cases.Now));
    }

    private static async Task Note(HttpContext context, CaseBook cases)
    {
        if (await JsonFields.ReadAsync(context, BytesMax, "text", "by", "version") is { } fields)
        {
            var text = fields.Text("text", BodyText.CheckNote);
            await ChangeAsync(context, cases, fields, (one, by) => one.Note(text!, by, cases.Now));
        }
    }

    private static async Task Reopen(HttpContext context, CaseBook cases)
    {
        if (await JsonFields.ReadAsync(context, BytesMax, "by", "note", "version") is { } fields)
        {
            var note = fields.Text("note", BodyText.CheckNote, isRequired: false);
            await ChangeAsync(context, cases, fields, (one, by) => one.Reopen(note, by, cases.Now));
        }
    }

    private static async Task ChangeAsync(
        HttpContext context, CaseBook cases, JsonFields fields, Func<AnalystCase, string, (CaseRefusal Refusal, AnalystCase Case)> change)
    {
        var by = fields.Text("by", BodyText.CheckId);
        var version = fields.Count("version");
        await (fields.ProblemOf(CaseProblem.Title) is { } problem
            ? ProblemResponse.Write(context, problem)
            : WriteAsync(context, await cases.ChangeAsync(IdOf(context), version, one => change(one, by!))));
    }
}

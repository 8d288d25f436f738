using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Customers;

/// <summary><c>/v1/accounts/{id}/hold</c>, <c>/release</c> and <c>/v1/holds</c>: accounts whose payments are stopped.</summary>
public static class HoldEndpoints
{
    private const int BytesMax = 4096;
    private const int PageDefault = 100;
    private const int PageMax = 1000;

    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, CustomerBook book, IngressSettings settings)
    {
        routes.MapGet("/v1/holds", StoreFailure.Answered(context => List(context, book)));
        routes.MapPost("/v1/accounts/{id}/hold", StoreFailure.Answered(context => Hold(context, engine, book, settings)));
        routes.MapPost("/v1/accounts/{id}/release", StoreFailure.Answered(context => Release(context, engine, settings)));
    }

    private static async Task List(HttpContext context, CustomerBook book)
    {
        if (!PageQuery.TryRead(context, PageDefault, PageMax, static key => BodyText.CheckId(key) is null, out var limit, out var after))
        {
            await ProblemResponse.Write(context, PageQuery.Invalid(PageMax));
            return;
        }

        var held = await book.ListHoldsAsync(after, limit + 1);
        await JsonResponse.Write(context, json =>
        {
            json.WriteStartArray("holds");
            foreach (var one in held.Take(limit))
            {
                json.WriteStartObject();
                json.WriteString("accountId", one.Account);
                WriteHold(json, one.Hold);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", held.Count > limit ? PageQuery.Next(held[limit - 1].CreatedTicks, held[limit - 1].Account) : null);
        });
    }

    private static async Task Hold(HttpContext context, DecisionEngine engine, CustomerBook book, IngressSettings settings)
    {
        if (await JsonFields.ReadAsync(context, BytesMax, "outcome", "by", "reason") is not { } fields)
        {
            return;
        }

        var outcome = fields.OneOf("outcome", isRequired: true, ("decline", Outcome.Decline), ("review", Outcome.Review));
        if (await ReadAsync(context, fields, "Invalid hold") is not var (account, by, reason) || !await Admitted.EnterAsync(context, engine, settings.AdmissionWaitMax))
        {
            return;
        }

        var result = await engine.HoldAsync(Encoding.UTF8.GetBytes(account), outcome, by, reason);
        if (result is not (ChangeResult.Stored or ChangeResult.Unchanged))
        {
            await ProblemResponse.Write(context, ProblemOf(result));
            return;
        }

        // Who has held it, if it was so already; released again by somebody else it was none the less held as asked.
        var hold = await book.FindHoldAsync(account);
        await JsonResponse.Write(context, json =>
        {
            json.WriteString("accountId", account);
            json.WriteBoolean("held", true);
            if (hold is not null)
            {
                WriteHold(json, hold);
            }

            json.WriteBoolean("changed", result == ChangeResult.Stored);
        });
    }

    private static async Task Release(HttpContext context, DecisionEngine engine, IngressSettings settings)
    {
        if (await JsonFields.ReadAsync(context, BytesMax, "by", "reason") is not { } fields
            || await ReadAsync(context, fields, "Invalid release") is not var (account, by, reason)
            || !await Admitted.EnterAsync(context, engine, settings.AdmissionWaitMax))
        {
            return;
        }

        var result = await engine.ReleaseAsync(Encoding.UTF8.GetBytes(account), by, reason);
        if (result is not (ChangeResult.Stored or ChangeResult.Unchanged))
        {
            await ProblemResponse.Write(context, ProblemOf(result));
            return;
        }

        await JsonResponse.Write(context, json =>
        {
            json.WriteString("accountId", account);
            json.WriteBoolean("held", false);
            json.WriteBoolean("changed", result == ChangeResult.Stored);
        });
    }

    /// <summary>What both bodies say; null where that was refused, which is answered then.</summary>
    private static async Task<(string Account, string By, string Reason)?> ReadAsync(HttpContext context, JsonFields fields, string title)
    {
        var account = AccountPath.IdOf(context);
        var by = fields.Text("by", BodyText.CheckId);
        var reason = fields.Text("reason", BodyText.CheckReason);
        var problem = fields.ProblemOf(title) ?? (AccountPath.IsId(account) ? null : CustomerProblem.InvalidAccount);
        if (problem is null)
        {
            return (account, by!, reason!);
        }

        await ProblemResponse.Write(context, problem);
        return null;
    }

    private static Problem ProblemOf(ChangeResult result) => result == ChangeResult.Unknown ? CustomerProblem.UnknownAccount : CustomerProblem.Unavailable;

    private static void WriteHold(System.Text.Json.Utf8JsonWriter json, AccountHold hold)
    {
        json.WriteString("outcome", hold.Outcome == Outcome.Review ? "review" : "decline");
        json.WriteString("by", hold.By);
        json.WriteString("reason", hold.Reason);
        json.WriteString("at", TimestampText.Format(hold.AtTicks));
    }
}

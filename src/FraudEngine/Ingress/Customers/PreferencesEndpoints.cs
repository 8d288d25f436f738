using System.Text;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Customers;

/// <summary><c>/v1/accounts/{id}/preferences</c>: how the customer of an account wants to be alerted. May be put before the account's first transaction.</summary>
public static class PreferencesEndpoints
{
    private const int BytesMax = 16 << 10;
    private const string Route = "/v1/accounts/{id}/preferences";

    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, CustomerBook book, IngressSettings settings)
    {
        routes.MapGet(Route, StoreFailure.Answered(context => Get(context, book)));
        routes.MapPut(Route, StoreFailure.Answered(context => Put(context, engine, settings)));
        routes.MapDelete(Route, StoreFailure.Answered(context => Delete(context, engine, settings)));
    }

    private static async Task Get(HttpContext context, CustomerBook book)
    {
        var account = AccountPath.IdOf(context);
        await (AccountPath.IsId(account) && await book.FindPreferencesAsync(account) is { } preferences
            ? JsonResponse.Write(context, json => PreferencesJson.Write(json, preferences))
            : ProblemResponse.Write(context, CustomerProblem.NoPreferences));
    }

    private static async Task Put(HttpContext context, DecisionEngine engine, IngressSettings settings)
    {
        var account = AccountPath.IdOf(context);
        if (!AccountPath.IsId(account))
        {
            await ProblemResponse.Write(context, CustomerProblem.InvalidAccount);
            return;
        }

        if (await JsonFields.ReadAsync(context, BytesMax, PreferencesReader.Names) is not { } fields)
        {
            return;
        }

        var preferences = PreferencesReader.Read(fields, chosen => ActivityCheck.Find(engine.InForce.Rules, chosen));
        if (fields.ProblemOf("Invalid preferences") is { } problem)
        {
            await ProblemResponse.Write(context, problem);
            return;
        }

        if (await StoreAsync(context, engine, settings, account, preferences))
        {
            await JsonResponse.Write(context, json => PreferencesJson.Write(json, preferences!));
        }
    }

    private static async Task Delete(HttpContext context, DecisionEngine engine, IngressSettings settings)
    {
        var account = AccountPath.IdOf(context);
        if (!AccountPath.IsId(account))
        {
            await ProblemResponse.Write(context, CustomerProblem.InvalidAccount);
        }
        else if (await StoreAsync(context, engine, settings, account, preferences: null))
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
    }

    /// <summary>Whether they are stored; where they are not, that is answered.</summary>
    private static async Task<bool> StoreAsync(HttpContext context, DecisionEngine engine, IngressSettings settings, string account, CustomerPreferences? preferences)
    {
        if (!await Admitted.EnterAsync(context, engine, settings.AdmissionWaitMax))
        {
            return false;
        }

        if (await engine.PutPreferencesAsync(Encoding.UTF8.GetBytes(account), preferences, preferences?.ToBytes()) is ChangeResult.Stored or ChangeResult.Unchanged)
        {
            return true;
        }

        await ProblemResponse.Write(context, CustomerProblem.Unavailable);
        return false;
    }
}

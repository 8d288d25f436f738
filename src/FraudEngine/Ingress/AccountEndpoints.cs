using System.Text;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary><c>GET /v1/accounts/{id}</c> and <c>/transactions</c>: an account's windows and its hold, and its journal.</summary>
public static class AccountEndpoints
{
    private const int PageDefault = 50;
    private const int PageMax = 1000;

    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine)
    {
        routes.MapGet("/v1/accounts/{id}", StoreFailure.Answered(context => GetAccount(context, engine)));
        routes.MapGet("/v1/accounts/{id}/transactions", StoreFailure.Answered(context => GetTransactions(context, engine)));
    }

    private static async Task GetAccount(HttpContext context, DecisionEngine engine)
    {
        long? asOf = null;
        if (context.Request.Query["at"].FirstOrDefault() is { } at)
        {
            if (TimestampText.Read(Encoding.UTF8.GetBytes(at), out var ticks) != FieldProblem.None)
            {
                await ProblemResponse.Write(context, InvalidQuery("at must be an RFC 3339 timestamp such as 2026-01-31T12:00:00Z."));
                return;
            }

            asOf = ticks;
        }

        var id = AccountId(context);
        if (IsTooLong(id))
        {
            await ProblemResponse.Write(context, UnknownAccount);
            return;
        }

        try
        {
            if (await engine.QueryAsync(Encoding.UTF8.GetBytes(id), asOf) is { } view)
            {
                await JsonResponse.Write(context, json => WriteView(json, id, view, engine.InForce.Rules.Reference));
            }
            else
            {
                await ProblemResponse.Write(context, UnknownAccount);
            }
        }
        catch (TimeoutException)
        {
            await ProblemResponse.Write(context, new Problem(503, "unavailable", "Unavailable", "The account can't be read now. Try again a little later."));
        }
    }

    private static async Task GetTransactions(HttpContext context, DecisionEngine engine)
    {
        if (!TryNumber(context, "limit", PageDefault, 1, PageMax, out var limit) || !TryNumber(context, "before", long.MaxValue, 1, long.MaxValue, out var before))
        {
            await ProblemResponse.Write(context, InvalidQuery($"limit must be a whole number from 1 to {PageMax}, and before a sequence number from 1."));
            return;
        }

        var id = AccountId(context);
        var entries = await engine.ReadEntriesAsync(Encoding.UTF8.GetBytes(id), before, (int)limit + 1);
        if (entries.Count == 0 && (before == long.MaxValue || (await engine.ReadEntriesAsync(Encoding.UTF8.GetBytes(id), long.MaxValue, 1)).Count == 0))
        {
            await ProblemResponse.Write(context, UnknownAccount);
            return;
        }

        await JsonResponse.Write(context, json =>
        {
            json.WriteString("accountId", id);
            json.WriteStartArray("transactions");
            foreach (var entry in entries.Take((int)limit))
            {
                WriteEntry(json, entry, engine.Catalog);
            }

            json.WriteEndArray();

            // The page after this one begins below its last sequence number.
            if (entries.Count > limit)
            {
                json.WriteNumber("next", entries[(int)limit - 1].Sequence);
            }
            else
            {
                json.WriteNull("next");
            }
        });
    }

    /// <summary>Whether no account can have such an id.</summary>
    private static bool IsTooLong(string id) => id.EnumerateRunes().Count() > Transaction.IdCharactersMax;

    private static Problem UnknownAccount { get; } = new(404, "unknown-account", "Unknown account", "The account has no transaction.");

    private static Problem InvalidQuery(string detail) => new(400, "invalid-query", "Invalid query", detail);

    private static string AccountId(HttpContext context) => RequestPath.Segment(context, "/v1/accounts/", "id");

    private static bool TryNumber(HttpContext context, string name, long absent, long min, long max, out long value)
    {
        value = absent;
        return context.Request.Query[name].FirstOrDefault() is not { } text
            || (long.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value) && value >= min && value <= max);
    }

    private static void WriteView(Utf8JsonWriter json, string id, AccountView view, string ruleSet)
    {
        json.WriteString("accountId", id);
        json.WriteNumber("transactions", view.Transactions);
        json.WriteString("newest", view.Transactions == 0 ? null : TimestampText.Format(view.NewestTicks));
        json.WriteString("asOf", view.Transactions == 0 ? null : TimestampText.Format(view.AsOfTicks));
        WriteHold(json, view.Hold);
        json.WriteString("ruleSet", ruleSet);
        json.WriteStartArray("windows");
        foreach (var window in view.Windows)
        {
            WriteWindow(json, window);
        }

        json.WriteEndArray();
    }

    private static void WriteHold(Utf8JsonWriter json, AccountHold? hold)
    {
        if (hold is null)
        {
            json.WriteNull("hold");
            return;
        }

        json.WriteStartObject("hold");
        json.WriteString("outcome", TransactionJson.OutcomeText(hold.Outcome));
        json.WriteString("by", hold.By);
        json.WriteString("reason", hold.Reason);
        json.WriteString("at", TimestampText.Format(hold.AtTicks));
        json.WriteEndObject();
    }

    private static void WriteWindow(Utf8JsonWriter json, WindowReading window)
    {
        var field = window.Field == TransactionField.None ? null : TransactionFieldText.NameOf(window.Field);
        json.WriteStartObject();
        json.WriteString("expression", field is null ? $"{window.Function}(account, {window.Length})" : $"{window.Function}(account.{field}, {window.Length})");
        json.WriteString("function", window.Function);
        json.WriteString("field", field);
        json.WriteString("length", window.Length);
        if (window.Number is { } number)
        {
            json.WriteNumber("value", Shortest(number));
        }
        else
        {
            json.WriteString("value", window.Text);
        }

        if (window.IsForgotten)
        {
            json.WriteString("error", "The account has more transactions than are kept, so the exact value is not known.");
        }

        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, AccountEntry entry, ReasonCatalog catalog)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence", entry.Sequence);
        TransactionJson.WriteTransaction(json, entry.Transaction);
        TransactionJson.WriteDecision(json, entry.Transaction, entry.Decision, catalog);
        if (entry.IsFraud is { } isFraud)
        {
            json.WriteBoolean("fraud", isFraud);
        }

        json.WriteEndObject();
    }

    /// <summary>Division by one with many decimals drops trailing zeros.</summary>
    private static decimal Shortest(decimal value) => value / 1.0000000000000000000000000000m;
}

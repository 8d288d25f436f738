using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Engine.Lists;

namespace FraudEngine.Ingress;

/// <summary><c>/v1/lists</c>: the named lists, read and changed.</summary>
public static class ListEndpoints
{
    public const int PageMax = 10_000;

    private const int PageDefault = 100;

    public static void Map(IEndpointRouteBuilder routes, ListBook lists)
    {
        var body = new ListBody();
        routes.MapGet("/v1/lists", StoreFailure.Answered(context => GetAll(context, lists)));
        routes.MapGet("/v1/lists/{name}", StoreFailure.Answered(context => GetOne(context, lists)));
        routes.MapPut("/v1/lists/{name}", StoreFailure.Answered(context => ChangeEntries(context, lists, body, lists.ReplaceAsync)));
        routes.MapPost("/v1/lists/{name}", StoreFailure.Answered(context => ChangeEntries(context, lists, body, lists.PutAsync)));
        routes.MapDelete("/v1/lists/{name}", StoreFailure.Answered(context => Change(context, lists, lists.EmptyAsync)));
        routes.MapPut("/v1/lists/{name}/{entry}", StoreFailure.Answered(context => PutEntry(context, lists)));
        routes.MapDelete("/v1/lists/{name}/{entry}", StoreFailure.Answered(context => DeleteEntry(context, lists)));
    }

    private static Task GetAll(HttpContext context, ListBook lists) => JsonResponse.Write(context, json =>
    {
        json.WriteNumber("version", lists.Current.Version);
        json.WriteStartArray("lists");
        foreach (var list in lists.Summaries)
        {
            json.WriteStartObject();
            ListJson.WriteSummary(json, list);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static async Task GetOne(HttpContext context, ListBook lists)
    {
        var limit = PageDefault;
        if (context.Request.Query["limit"].FirstOrDefault() is { } text
            && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= PageMax))
        {
            await ProblemResponse.Write(context, ListProblem.InvalidQuery);
            return;
        }

        if (lists.Find(Name(context)) is not { } list)
        {
            await ProblemResponse.Write(context, ListProblem.Unknown(Name(context), lists));
            return;
        }

        var entries = await lists.ReadAsync(list.Name, context.Request.Query["after"].FirstOrDefault(), limit + 1);
        await JsonResponse.Write(context, json =>
        {
            ListJson.WriteSummary(json, list);
            json.WriteStartArray("entries");
            foreach (var entry in entries.Take(limit))
            {
                ListJson.WriteEntry(json, entry);
            }

            json.WriteEndArray();
            json.WriteString("next", entries.Count > limit ? entries[limit - 1].Text : null);
        });
    }

    private static async Task ChangeEntries(HttpContext context, ListBook lists, ListBody body, Func<string, ListEntries, Task<ListChangeResult>> change)
    {
        var (entries, problem) = ListBook.IsName(Name(context)) ? await body.ReadEntriesAsync(context) : (null, ListProblem.InvalidName);
        await (problem is null ? Change(context, lists, name => change(name, entries!)) : ProblemResponse.Write(context, problem));
    }

    private static async Task PutEntry(HttpContext context, ListBook lists)
    {
        var (entries, problem) = ListBook.IsName(Name(context)) ? await ListBody.ReadEntryAsync(context, Entry(context)) : (null, ListProblem.InvalidName);
        await (problem is null ? Change(context, lists, name => lists.PutAsync(name, entries!)) : ProblemResponse.Write(context, problem));
    }

    private static Task DeleteEntry(HttpContext context, ListBook lists) => Change(context, lists, name => lists.RemoveAsync(name, Entry(context)));

    private static async Task Change(HttpContext context, ListBook lists, Func<string, Task<ListChangeResult>> change)
    {
        var result = await change(Name(context));
        if (result.Refusal != ListRefusal.None)
        {
            await ProblemResponse.Write(context, ListProblem.Of(result.Refusal, result.List, Name(context), lists));
            return;
        }

        await JsonResponse.Write(context, json =>
        {
            ListJson.WriteSummary(json, result.List!);
            json.WriteNumber("added", result.Added);
            json.WriteNumber("changed", result.Changed);
            json.WriteNumber("removed", result.Removed);
        });
    }

    private static string Name(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private static string Entry(HttpContext context) => RequestPath.Segment(context, $"/v1/lists/{Name(context)}/", "entry");
}

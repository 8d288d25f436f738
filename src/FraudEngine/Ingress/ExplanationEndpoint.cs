using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine.Explaining;
using Microsoft.AspNetCore.Http.Features;

namespace FraudEngine.Ingress;

/// <summary><c>GET /v1/accounts/{id}/transactions/{transactionId}/explanation</c>: why a transaction was decided as it was.</summary>
public static class ExplanationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, DecisionExplainer explainer, ReasonCatalog catalog) =>
        routes.MapGet("/v1/accounts/{id}/transactions/{transactionId}/explanation", StoreFailure.Answered(context => Get(context, explainer, catalog)));

    private static async Task Get(HttpContext context, DecisionExplainer explainer, ReasonCatalog catalog)
    {
        var (account, transaction) = Ids(context);
        try
        {
            var answer = await explainer.ExplainAsync(Encoding.UTF8.GetBytes(account), Encoding.UTF8.GetBytes(transaction), context.RequestAborted);
            await (ProblemOf(answer.Kind) is { } problem
                ? ProblemResponse.Write(context, problem)
                : JsonResponse.Write(context, json => ExplanationJson.Write(json, answer.Explanation!, catalog)));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
    }

    private static Problem? ProblemOf(ExplanationAnswerKind kind) => kind switch
    {
        ExplanationAnswerKind.None => throw new ArgumentOutOfRangeException(nameof(kind)),
        ExplanationAnswerKind.Explained => null,
        ExplanationAnswerKind.Unknown => new Problem(404, "unknown-transaction", "Unknown transaction", "The account has no decided transaction of that id."),
        ExplanationAnswerKind.Busy => new Problem(503, "overloaded", "Overloaded", "As many explanations are being made as may be. Ask again a little later."),
        ExplanationAnswerKind.Damaged => new Problem(500, "damaged-entry", "Damaged entry", "What the journal has of the transaction can't be read."),
    };

    /// <summary>The ids as the client meant them: from the request line, since routing can't tell %2F from %252F.</summary>
    private static (string Account, string Transaction) Ids(HttpContext context)
    {
        const string before = "/v1/accounts/";
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var start = target.IndexOf(before, StringComparison.OrdinalIgnoreCase);
        var parts = start < 0 ? [] : target[(start + before.Length)..].Split('?')[0].Split('/');
        return parts.Length >= 3
            ? (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[2]))
            : ((string)context.Request.RouteValues["id"]!, (string)context.Request.RouteValues["transactionId"]!);
    }
}

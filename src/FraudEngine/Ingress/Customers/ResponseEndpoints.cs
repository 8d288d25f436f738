using FraudEngine.Domain;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Customers;

/// <summary><c>/v1/alerts/{id}/response</c>: what the customer says to an alert, over the API.</summary>
public static class ResponseEndpoints
{
    private const int BytesMax = 4096;
    private const string Route = "/v1/alerts/{id}/response";

    /// <summary>Whose answer it is where the caller does not say.</summary>
    public const string Customer = "customer";

    public static void Map(IEndpointRouteBuilder routes, CustomerBook book, AlertAnswers answers)
    {
        routes.MapGet(Route, StoreFailure.Answered(context => Get(context, book)));
        routes.MapPost(Route, StoreFailure.Answered(context => Post(context, book, answers)));
    }

    private static async Task Get(HttpContext context, CustomerBook book)
    {
        if (!TryId(context, out var id) || await book.FindAlertAsync(id) is not { } alert)
        {
            await ProblemResponse.Write(context, CustomerProblem.UnknownAlert);
            return;
        }

        await (await book.FindResponseAsync(id) is { } response
            ? WriteAsync(context, book, alert, response, isChanged: null)
            : ProblemResponse.Write(context, CustomerProblem.NotAnswered));
    }

    private static async Task Post(HttpContext context, CustomerBook book, AlertAnswers answers)
    {
        if (await JsonFields.ReadAsync(context, BytesMax, "response", "by") is not { } fields)
        {
            return;
        }

        var response = fields.OneOf("response", isRequired: true, ("confirmed", AlertResponse.Confirmed), ("denied", AlertResponse.Denied));
        var by = fields.Text("by", BodyText.CheckId, isRequired: false) ?? Customer;
        if (fields.ProblemOf("Invalid response") is { } problem)
        {
            await ProblemResponse.Write(context, problem);
            return;
        }

        if (!TryId(context, out var id))
        {
            await ProblemResponse.Write(context, CustomerProblem.UnknownAlert);
            return;
        }

        var (result, alert, stored) = await answers.AnswerAsync(id, response, by, expiresTicks: null, context.RequestAborted);
        await (CustomerProblem.Of(result, stored) is { } refusal
            ? ProblemResponse.Write(context, refusal)
            : WriteAsync(context, book, alert!, stored!, isChanged: result == AnswerResult.Stored));
    }

    private static async Task WriteAsync(HttpContext context, CustomerBook book, AnswerableAlert alert, StoredResponse response, bool? isChanged)
    {
        var isHeld = await book.FindHoldAsync(alert.Transaction.TextString(TransactionField.AccountId)) is not null;
        await JsonResponse.Write(context, json =>
        {
            ResponseJson.Write(json, alert, response, isHeld);
            if (isChanged is { } changed)
            {
                json.WriteBoolean("changed", changed);
            }
        });
    }

    private static bool TryId(HttpContext context, out AlertId id) => AlertId.TryParse((string)context.Request.RouteValues["id"]!, out id);
}

namespace FraudEngine.Egress.Webhooks;

/// <summary>What is answered where a request about webhook endpoints can't be done.</summary>
internal static class WebhookProblem
{
    public static Task InvalidAsync(HttpContext context, string detail) =>
        ProblemAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, "invalid-webhook", "Invalid webhook", detail);

    public static Task UnknownAsync(HttpContext context, string name) =>
        ProblemAnswer.WriteAsync(context, StatusCodes.Status404NotFound, "unknown-webhook", "Unknown webhook", $"There is no webhook endpoint '{name}'.");

    public static Task FixedAsync(HttpContext context, string name) => ProblemAnswer.WriteAsync(
        context, StatusCodes.Status409Conflict, "fixed-webhook", "Fixed webhook",
        $"The endpoint '{name}' stands in the configuration (Webhooks:Endpoints), and is changed there.");

    public static Task TooManyAsync(HttpContext context) => ProblemAnswer.WriteAsync(
        context, StatusCodes.Status409Conflict, "too-many-webhooks", "Too many webhooks", $"There are as many endpoints as there may be ({WebhookBook.EndpointsMax}).");
}

namespace FraudEngine.Egress;

/// <summary>Problem details (RFC 9457) in answer to requests about alerts and where they go.</summary>
internal static class ProblemAnswer
{
    public static Task WriteAsync(HttpContext context, int status, string kind, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title, type: $"urn:fraudengine:problem:{kind}").ExecuteAsync(context);

    /// <summary>Answers that the journal can't be read or written now where that is so.</summary>
    public static RequestDelegate Guarded(Func<HttpContext, Task> answer) => async context =>
    {
        try
        {
            await answer(context);
        }
        catch (IOException) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            context.Response.Headers.RetryAfter = "1";
            await WriteAsync(
                context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Unavailable", "The journal can't be read or written now. Try again a little later.");
        }
    };
}

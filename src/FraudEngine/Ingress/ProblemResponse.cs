using System.Buffers;

namespace FraudEngine.Ingress;

/// <summary>Answers a request with a problem.</summary>
internal static class ProblemResponse
{
    private const string RetryAfterSeconds = "1";

    public static Task Write(HttpContext context, Problem problem)
    {
        var body = new ArrayBufferWriter<byte>(256);
        problem.WriteTo(body);
        return Write(context, problem.Status, body);
    }

    public static Task Write(HttpContext context, int status, ArrayBufferWriter<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.WrittenCount;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        return context.Response.BodyWriter.WriteAsync(body.WrittenMemory).AsTask();
    }
}

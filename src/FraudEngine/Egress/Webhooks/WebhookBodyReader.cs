using System.Text.Json;

namespace FraudEngine.Egress.Webhooks;

/// <summary>Reads the small JSON objects that requests about webhook endpoints carry.</summary>
internal static class WebhookBodyReader
{
    private const int BytesMax = 16 * 1024;

    /// <summary>Null where it was answered that it is no JSON object, or too large. An empty body is an empty object.</summary>
    public static async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        var body = new byte[BytesMax + 1];
        var length = 0;
        int read;
        while (length < body.Length && (read = await context.Request.Body.ReadAsync(body.AsMemory(length), context.RequestAborted)) > 0)
        {
            length += read;
        }

        if (length > BytesMax)
        {
            await ProblemAnswer.WriteAsync(
                context, StatusCodes.Status413PayloadTooLarge, "too-large", "Too large", $"The body has more than {BytesMax} bytes.");
            return null;
        }

        try
        {
            var document = length == 0 ? JsonDocument.Parse("{}") : JsonDocument.Parse(body.AsMemory(0, length));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Answered below.
        }

        await WebhookProblem.InvalidAsync(context, "The body must be a JSON object.");
        return null;
    }
}

using System.Text;

namespace FraudEngine.Ingress;

/// <summary>Reads a body that is one text of bounded length.</summary>
internal static class TextBody
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The body; null where it was refused, which is answered then.</summary>
    /// <param name="what">What it should be, for the refusal: <c>a rule set in YAML</c>.</param>
    public static async Task<string?> ReadAsync(HttpContext context, int bytesMax, string what, bool mayBeEmpty = false)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, bytesMax);
        var text = problem is null ? Decode(body.Span) : null;
        problem ??= text is null ? new Problem(400, "malformed", "Not UTF-8", $"The body must be {what}, in UTF-8.")
            : !mayBeEmpty && string.IsNullOrWhiteSpace(text) ? new Problem(400, "malformed", "Empty body", $"The body is empty; it must be {what}.")
            : null;
        if (problem is null)
        {
            return text;
        }

        await ProblemResponse.Write(context, problem);
        return null;
    }

    private static string? Decode(ReadOnlySpan<byte> body)
    {
        try
        {
            return Utf8.GetString(body);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

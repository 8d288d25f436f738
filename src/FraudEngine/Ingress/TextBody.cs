using System.Buffers;
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
        if (context.Request.ContentLength > bytesMax)
        {
            await Refuse(context, TooLarge(bytesMax));
            return null;
        }

        var body = new ArrayBufferWriter<byte>();
        if (await TryReadAsync(context, bytesMax, body) is { } problem)
        {
            await Refuse(context, problem);
            return null;
        }

        return await DecodeAsync(context, body, what, mayBeEmpty);
    }

    private static async Task<Problem?> TryReadAsync(HttpContext context, int bytesMax, ArrayBufferWriter<byte> body)
    {
        try
        {
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
                if (body.WrittenCount + read.Buffer.Length > bytesMax)
                {
                    context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                    return TooLarge(bytesMax);
                }

                foreach (var part in read.Buffer)
                {
                    body.Write(part.Span);
                }

                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return null;
                }
            }
        }
        catch (BadHttpRequestException)
        {
            return Broken;
        }
    }

    private static async Task<string?> DecodeAsync(HttpContext context, ArrayBufferWriter<byte> body, string what, bool mayBeEmpty)
    {
        try
        {
            var text = Utf8.GetString(body.WrittenSpan);
            if (mayBeEmpty || !string.IsNullOrWhiteSpace(text))
            {
                return text;
            }

            await ProblemResponse.Write(context, new Problem(400, "malformed", "Empty body", $"The body is empty; it must be {what}."));
        }
        catch (DecoderFallbackException)
        {
            await ProblemResponse.Write(context, new Problem(400, "malformed", "Not UTF-8", $"The body must be {what}, in UTF-8."));
        }

        return null;
    }

    private static Task Refuse(HttpContext context, Problem problem)
    {
        context.Response.Headers.Connection = "close";
        return ProblemResponse.Write(context, problem);
    }

    /// <summary>For a body that is not framed as HTTP has it, or ends too early.</summary>
    public static Problem Broken { get; } = new(400, "malformed", "Broken body", "The body was cut off before its end, came too slowly, or is not framed as HTTP has it. Send it again.");

    public static Problem TooLarge(int bytesMax) => new(413, "too-large", "Too large", $"The body may have at most {bytesMax} bytes.");
}

using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace FraudEngine.Ingress;

/// <summary>Reads a whole body of bounded length.</summary>
internal static class RequestBody
{
    private static readonly Problem CutOff = new(
        400, "malformed", "Broken body", "The body was cut off before its end, came too slowly, or is not framed as HTTP has it. Send it again.");

    /// <param name="hint">What whoever sends too much can do, as a sentence after a blank.</param>
    public static async Task<(ReadOnlyMemory<byte> Body, Problem? Problem)> ReadAsync(HttpContext context, int bytesMax, string hint = "")
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // The limit is kept here: the server would break the connection off, and the client would not see why.
            size.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > bytesMax)
        {
            return (default, TooLarge(bytesMax, hint));
        }

        var body = new ArrayBufferWriter<byte>((int)(context.Request.ContentLength ?? 0) + 1);
        try
        {
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
                foreach (var part in read.Buffer)
                {
                    body.Write(part.Span);
                }

                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (body.WrittenCount > bytesMax)
                {
                    return (default, TooLarge(bytesMax, hint));
                }

                if (read.IsCompleted)
                {
                    return (body.WrittenMemory, null);
                }
            }
        }
        catch (BadHttpRequestException)
        {
            return (default, CutOff);
        }
    }

    private static Problem TooLarge(int bytesMax, string hint) => new(413, "too-large", "Too large", $"The body may have at most {bytesMax} bytes.{hint}");
}

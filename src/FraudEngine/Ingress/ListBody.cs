using System.Buffers;
using FraudEngine.Domain;
using Microsoft.AspNetCore.Http.Features;

namespace FraudEngine.Ingress;

/// <summary>Reads the bodies of calls that change named lists.</summary>
internal sealed class ListBody
{
    public const int BytesMax = 32 << 20;

    private const int SmallBytesMax = 64 << 10;
    private const int LargeAtATimeMax = 4;

    private int _large;

    /// <summary>Reads entries as JSON or as text; or says why that can't be.</summary>
    public async Task<(ListEntries? Entries, Problem? Problem)> ReadEntriesAsync(HttpContext context)
    {
        var mediaType = RequestMediaType.Of(context.Request);
        if (mediaType is not ("application/json" or "text/plain"))
        {
            return (null, ListProblem.ContentType);
        }

        var isLarge = context.Request.ContentLength is null or > SmallBytesMax;
        if (isLarge && Interlocked.Increment(ref _large) > LargeAtATimeMax)
        {
            Interlocked.Decrement(ref _large);
            return (null, ListProblem.TooManyAtATime);
        }

        try
        {
            var (body, problem) = await ReadAsync(context, BytesMax);
            return problem is null ? (mediaType == "text/plain" ? ListText.Read(body.Span) : ListJson.ReadEntries(body.Span), null) : (null, problem);
        }
        catch (ListFormatException reason)
        {
            return (null, ListProblem.Invalid(Sentence(reason.Message)));
        }
        finally
        {
            if (isLarge)
            {
                Interlocked.Decrement(ref _large);
            }
        }
    }

    /// <summary>Reads one entry, whose text the path has and whose expiry the body, where there is one.</summary>
    public static async Task<(ListEntries? Entries, Problem? Problem)> ReadEntryAsync(HttpContext context, string text)
    {
        var (body, problem) = await ReadAsync(context, SmallBytesMax);
        if (problem is not null || (body.Length > 0 && RequestMediaType.Of(context.Request) != "application/json"))
        {
            return (null, problem ?? ListProblem.ContentType);
        }

        try
        {
            var entries = new ListEntries();
            return entries.Add(text, body.Length == 0 ? null : ListJson.ReadExpiry(body.Span)) is { } wrong ? (null, ListProblem.Invalid(Sentence(wrong))) : (entries, null);
        }
        catch (ListFormatException reason)
        {
            return (null, ListProblem.Invalid(Sentence(reason.Message)));
        }
    }

    private static string Sentence(string reason) => $"{char.ToUpperInvariant(reason[0])}{reason[1..]}.";

    private static async Task<(ReadOnlyMemory<byte> Body, Problem? Problem)> ReadAsync(HttpContext context, int bytesMax)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            // The limit is kept here: the server would break the connection off, and the client would not see why.
            size.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > bytesMax)
        {
            return (default, ListProblem.TooLarge);
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
                    return (default, ListProblem.TooLarge);
                }

                if (read.IsCompleted)
                {
                    return (body.WrittenMemory, null);
                }
            }
        }
        catch (BadHttpRequestException)
        {
            return (default, ListProblem.CutOff);
        }
    }
}

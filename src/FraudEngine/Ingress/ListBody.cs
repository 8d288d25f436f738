using FraudEngine.Domain;

namespace FraudEngine.Ingress;

/// <summary>Reads the bodies of calls that change named lists.</summary>
internal sealed class ListBody
{
    public const int BytesMax = 32 << 20;

    private const int SmallBytesMax = 64 << 10;
    private const int LargeAtATimeMax = 4;

    private const string TooLong = " A longer list goes in parts: the first with PUT, the others with POST.";

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
            var (body, problem) = await RequestBody.ReadAsync(context, BytesMax, TooLong);
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
        var (body, problem) = await RequestBody.ReadAsync(context, SmallBytesMax);
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
}

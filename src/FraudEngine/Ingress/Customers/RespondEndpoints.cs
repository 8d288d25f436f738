using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;
using Microsoft.Net.Http.Headers;

namespace FraudEngine.Ingress.Customers;

/// <summary>
/// <c>/respond/{token}</c>: the page behind the links in alerts. Who has the token may answer its alert and no other. To look at it changes nothing, so that mail
/// scanners do no harm; what was forged is found out without asking the store.
/// </summary>
public static class RespondEndpoints
{
    private const string Route = "/respond/{token}";
    private const int BytesMax = 1024;

    /// <summary>Requests that ask the store at a time; the next is told to try again.</summary>
    private const int RunningMax = 64;

    /// <param name="publicAuthority">Where customers reach the engine, such as <c>alerts.example.com</c>, if that is not what it sees itself; else empty.</param>
    public static void Map(IEndpointRouteBuilder routes, CustomerBook book, AlertAnswers answers, AlertLinks links, string publicAuthority)
    {
        var running = new SemaphoreSlim(RunningMax);
        routes.MapGet(Route, context => AnswerAsync(context, book, links, running, link => Show(context, answers, book, link)));
        routes.MapPost(Route, async context =>
        {
            // Before it takes a place among those that ask the store: a body that drips in keeps nobody else waiting.
            var response = await ReadAsync(context);
            await AnswerAsync(context, book, links, running, link => Post(context, answers, link, response, publicAuthority));
        });
    }

    /// <summary>Shows a link's page, or why it can't be.</summary>
    private static async Task AnswerAsync(HttpContext context, CustomerBook book, AlertLinks links, SemaphoreSlim running, Func<Link, Task> show)
    {
        var accepted = PageText.OfAccepted(AcceptedLanguages(context.Request));
        if (!links.TryRead((string)context.Request.RouteValues["token"]!, out var id, out var expiresTicks))
        {
            await WriteUnknownAsync(context, accepted);
            return;
        }

        if (!running.Wait(0))
        {
            await WriteUnavailableAsync(context, accepted);
            return;
        }

        try
        {
            if (await book.FindAlertAsync(id) is not { Decision.RaisesFraudAlert: true } alert)
            {
                await WriteUnknownAsync(context, accepted);
                return;
            }

            var preferences = await book.FindPreferencesAsync(alert.Transaction.TextString(TransactionField.AccountId));
            await show(new Link(alert, expiresTicks, preferences, PageText.Of(preferences?.Language ?? "") ?? accepted));
        }
        catch (IOException) when (!context.Response.HasStarted)
        {
            await WriteUnavailableAsync(context, accepted);
        }
        finally
        {
            running.Release();
        }
    }

    private static async Task Show(HttpContext context, AlertAnswers answers, CustomerBook book, Link link)
    {
        if (answers.IsPast(link.ExpiresTicks))
        {
            await WriteExpiredAsync(context, link.Text);
        }
        else if (await book.FindResponseAsync(link.Alert.Id) is { } response)
        {
            await WriteAsync(context, 200, RespondPage.Answered(link.Text, link.Alert, link.Preferences, response));
        }
        else
        {
            await WriteAsync(context, 200, RespondPage.Question(link.Text, link.Alert, link.Preferences));
        }
    }

    private static async Task Post(HttpContext context, AlertAnswers answers, Link link, AlertResponse response, string publicAuthority)
    {
        var text = link.Text;
        if (!IsFromItself(context.Request, publicAuthority))
        {
            await WriteAsync(context, 403, RespondPage.Notice(text, text.RefusedTitle, text.Refused));
            return;
        }

        if (response == AlertResponse.None)
        {
            await WriteAsync(context, 400, RespondPage.Notice(text, text.ChooseTitle, text.Choose));
            return;
        }

        if (answers.IsPast(link.ExpiresTicks))
        {
            await WriteExpiredAsync(context, text);
            return;
        }

        var (result, _, stored) = await answers.AnswerAsync(link.Alert.Id, response, ResponseEndpoints.Customer, link.ExpiresTicks, context.RequestAborted);
        await (result switch
        {
            AnswerResult.Stored => WriteAsync(context, 200, RespondPage.Done(text, link.Alert, link.Preferences, response, answers.Terms)),
            AnswerResult.Unchanged when stored is not null => WriteAsync(context, 200, RespondPage.Answered(text, link.Alert, link.Preferences, stored)),
            AnswerResult.AnsweredOtherwise when stored is not null => WriteAsync(context, 409, RespondPage.Answered(text, link.Alert, link.Preferences, stored)),
            AnswerResult.Unknown or AnswerResult.NotOfFraud => WriteUnknownAsync(context, text),
            AnswerResult.Expired => WriteExpiredAsync(context, text),
            AnswerResult.None or AnswerResult.Unchanged or AnswerResult.AnsweredOtherwise or AnswerResult.Overloaded or AnswerResult.Unavailable => WriteUnavailableAsync(context, text),
        });
    }

    /// <summary>What was chosen; None where nothing was, or the body is none of the page's form.</summary>
    private static async Task<AlertResponse> ReadAsync(HttpContext context)
    {
        if (RequestMediaType.Of(context.Request) != "application/x-www-form-urlencoded")
        {
            return AlertResponse.None;
        }

        var (body, problem) = await RequestBody.ReadAsync(context, BytesMax);
        return problem is not null ? AlertResponse.None
            : body.Span.SequenceEqual("answer=confirmed"u8) ? AlertResponse.Confirmed
            : body.Span.SequenceEqual("answer=denied"u8) ? AlertResponse.Denied
            : AlertResponse.None;
    }

    /// <summary>
    /// Whether a form comes from the page, as far as the browser says so. Who has the token can show it anyway; but no other page should make its visitor send one.
    /// Because the page sends no referrer, its own form comes from the origin <c>null</c>.
    /// </summary>
    private static bool IsFromItself(HttpRequest request, string publicAuthority)
    {
        if (request.Headers["Sec-Fetch-Site"].FirstOrDefault() is { } site)
        {
            return site is "same-origin" or "none";
        }

        return request.Headers.Origin.FirstOrDefault() is not { } origin || origin == "null"
            || (Uri.TryCreate(origin, UriKind.Absolute, out var from)
                && (from.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)
                    || from.Authority.Equals(publicAuthority, StringComparison.OrdinalIgnoreCase)));
    }

    private static IEnumerable<string> AcceptedLanguages(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var languages)
            ? languages.Where(static language => language.Quality is not 0).OrderByDescending(static language => language.Quality ?? 1).Select(static language => language.Value.ToString())
            : [];

    private static Task WriteUnknownAsync(HttpContext context, PageText text) => WriteAsync(context, 404, RespondPage.Notice(text, text.UnknownTitle, text.Unknown));

    private static Task WriteExpiredAsync(HttpContext context, PageText text) => WriteAsync(context, 410, RespondPage.Notice(text, text.ExpiredTitle, text.Expired));

    private static Task WriteUnavailableAsync(HttpContext context, PageText text)
    {
        context.Response.Headers.RetryAfter = "1";
        return WriteAsync(context, 503, RespondPage.Notice(text, text.UnavailableTitle, text.Unavailable));
    }

    private static async Task WriteAsync(HttpContext context, int status, string page)
    {
        var body = Encoding.UTF8.GetBytes(page);
        var headers = context.Response.Headers;
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        headers.ContentSecurityPolicy = RespondPage.SecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["X-Robots-Tag"] = "noindex";
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>What a token leads to.</summary>
    /// <param name="ExpiresTicks">UTC ticks of the clock.</param>
    private sealed record Link(AnswerableAlert Alert, long ExpiresTicks, CustomerPreferences? Preferences, PageText Text);
}

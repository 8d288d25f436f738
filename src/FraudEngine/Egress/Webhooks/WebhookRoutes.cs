using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using FraudEngine.Egress.Delivery;
using FraudEngine.Storage;

namespace FraudEngine.Egress.Webhooks;

/// <summary><c>/v1/webhooks</c>: the endpoints to which alerts go, read and changed.</summary>
internal sealed class WebhookRoutes(WebhookBook book, AlertDelivery delivery, IJournal journal, TimeProvider clock)
{
    private const int KeysMax = 4;

    private static readonly TimeSpan KeepOldDefault = TimeSpan.FromHours(24);
    private static readonly TimeSpan KeepOldMax = TimeSpan.FromDays(30);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/webhooks", ProblemAnswer.Guarded(GetAllAsync));
        routes.MapGet("/v1/webhooks/{name}", ProblemAnswer.Guarded(context => WithOneAsync(context, endpoint => GetOneAsync(context, endpoint))));
        routes.MapPut("/v1/webhooks/{name}", ProblemAnswer.Guarded(PutAsync));
        routes.MapDelete("/v1/webhooks/{name}", ProblemAnswer.Guarded(context => WithOneAsync(context, endpoint => DeleteAsync(context, endpoint))));
        routes.MapPost("/v1/webhooks/{name}/rotate", ProblemAnswer.Guarded(context => WithOneAsync(context, endpoint => RotateAsync(context, endpoint))));
        routes.MapPost("/v1/webhooks/{name}/test", ProblemAnswer.Guarded(context => WithOneAsync(context, endpoint => TestAsync(context, endpoint))));
        new DeadLetterRoutes(book, new DeadLetters(journal, delivery, clock)).Map(routes);
    }

    internal static string NameOf(HttpContext context) => (string)context.Request.RouteValues["name"]!;

    private Task WithOneAsync(HttpContext context, Func<WebhookEndpoint, Task> answer) =>
        book.Find(NameOf(context)) is { } endpoint ? answer(endpoint) : WebhookProblem.UnknownAsync(context, NameOf(context));

    private async Task GetAllAsync(HttpContext context)
    {
        var endpoints = book.Endpoints.ToList();
        var counts = new List<IReadOnlyDictionary<DeliveryState, long>>();
        foreach (var endpoint in endpoints)
        {
            counts.Add(await journal.CountDeliveriesAsync(endpoint.Channel));
        }

        await DeliveryJson.WriteAsync(context, json =>
        {
            json.WriteStartArray("webhooks");
            foreach (var (endpoint, counted) in endpoints.Zip(counts))
            {
                json.WriteStartObject();
                Write(json, endpoint, counted);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private async Task GetOneAsync(HttpContext context, WebhookEndpoint endpoint)
    {
        var counts = await journal.CountDeliveriesAsync(endpoint.Channel);
        await DeliveryJson.WriteAsync(context, json => Write(json, endpoint, counts));
    }

    private async Task PutAsync(HttpContext context)
    {
        var name = NameOf(context);
        if (!WebhookEndpoint.IsName(name))
        {
            await WebhookProblem.InvalidAsync(context, "The name must have 1 to 64 small letters, digits and hyphens, and no hyphen first.");
            return;
        }

        if (book.Find(name) is { IsFixed: true })
        {
            await WebhookProblem.FixedAsync(context, name);
            return;
        }

        using var body = await WebhookBodyReader.ReadAsync(context);
        if (body is null)
        {
            return;
        }

        var (request, problem) = WebhookRequest.Read(body.RootElement, book.Settings.AllowPrivate);
        if (request is null)
        {
            await WebhookProblem.InvalidAsync(context, problem!);
            return;
        }

        string? made = null;
        var put = await book.ChangeAsync(name, present =>
        {
            made = present is null && request.Secret is null ? WebhookSecret.Make() : null;
            ImmutableArray<WebhookKey> keys = (request.Secret ?? made) is { } secret ? [new WebhookKey(secret, long.MaxValue)] : present!.Keys;
            return new WebhookEndpoint(name, request.Url, keys, request.Accounts, request.WantsFraud, request.WantsActivity, request.Grouping);
        });
        if (put is null)
        {
            await WebhookProblem.TooManyAsync(context);
            return;
        }

        await DeliveryJson.WriteAsync(context, json =>
        {
            WriteTerms(json, put);
            if (made is not null)
            {
                json.WriteString("secret", made);
            }
        });
    }

    private async Task DeleteAsync(HttpContext context, WebhookEndpoint endpoint)
    {
        if (endpoint.IsFixed)
        {
            await WebhookProblem.FixedAsync(context, endpoint.Name);
            return;
        }

        await book.RemoveAsync(endpoint.Name);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>Makes a new secret; for a while the old one signs too, so that the receiver can change over at its time.</summary>
    private async Task RotateAsync(HttpContext context, WebhookEndpoint endpoint)
    {
        if (endpoint.IsFixed)
        {
            await WebhookProblem.FixedAsync(context, endpoint.Name);
            return;
        }

        using var body = await WebhookBodyReader.ReadAsync(context);
        if (body is null)
        {
            return;
        }

        var isGiven = body.RootElement.TryGetProperty("keepOldFor", out _);
        var keepOld = isGiven ? WebhookRequest.ReadTime(body.RootElement, "keepOldFor", KeepOldMax) : KeepOldDefault;
        if (keepOld is null || WebhookRequest.Unknown(body.RootElement, "keepOldFor") is not null)
        {
            await WebhookProblem.InvalidAsync(context, "keepOldFor must be from 00:00:00 to 30.00:00:00, and nothing else can be given.");
            return;
        }

        var now = clock.GetUtcNow().UtcTicks;
        var until = now + keepOld.Value.Ticks;
        var secret = WebhookSecret.Make();
        var rotated = await book.ChangeAsync(endpoint.Name, present => present is null ? null : present with
        {
            Keys =
            [
                new WebhookKey(secret, long.MaxValue),
                .. present.Keys.Select(key => key with { UntilTicks = Math.Min(key.UntilTicks, until) }).Where(key => key.UntilTicks > now).Take(KeysMax - 1),
            ],
        });
        await (rotated is null ? WebhookProblem.UnknownAsync(context, endpoint.Name) : DeliveryJson.WriteAsync(context, json =>
        {
            json.WriteString("secret", secret);
            json.WriteString("oldUntil", DeliveryJson.Time(until));
        }));
    }

    private async Task TestAsync(HttpContext context, WebhookEndpoint endpoint)
    {
        var id = "test-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var result = await book.TestAsync(endpoint, id, context.RequestAborted);
        await DeliveryJson.WriteAsync(context, json =>
        {
            json.WriteBoolean("delivered", result.Problem is null);
            if (result.Problem is { } problem)
            {
                json.WriteString("problem", problem);
            }
        });
    }

    private void Write(Utf8JsonWriter json, WebhookEndpoint endpoint, IReadOnlyDictionary<DeliveryState, long> counts)
    {
        WriteTerms(json, endpoint);
        var status = delivery.Find(endpoint.Channel)?.Status;
        var breaker = status?.Breaker ?? BreakerState.None;
        json.WriteString("state", breaker switch
        {
            BreakerState.None => "elsewhere",
            BreakerState.Closed => "working",
            BreakerState.Open => "failing",
            BreakerState.HalfOpen => "probing",
        });
        json.WriteNumber("waiting", breaker == BreakerState.None ? counts.GetValueOrDefault(DeliveryState.Waiting) : status!.Waiting);
        json.WriteNumber("delivered", counts.GetValueOrDefault(DeliveryState.Delivered) + counts.GetValueOrDefault(DeliveryState.Grouped));
        json.WriteNumber("dead", counts.GetValueOrDefault(DeliveryState.Dead));
        json.WriteNumber("lagSeconds", Math.Round(status?.LagSeconds(clock.GetUtcNow()) ?? 0, 3));
    }

    private static void WriteTerms(Utf8JsonWriter json, WebhookEndpoint endpoint)
    {
        json.WriteString("name", endpoint.Name);
        json.WriteString("url", endpoint.Url.AbsoluteUri);
        json.WriteString("source", endpoint.IsFixed ? "configuration" : "http");
        json.WriteString("accounts", endpoint.Accounts == WebhookAccounts.Chosen ? "chosen" : "all");
        json.WriteStartArray("kinds");
        foreach (var kind in (string[])[.. endpoint.WantsFraud ? ["fraud"] : Array.Empty<string>(), .. endpoint.WantsActivity ? ["activity"] : Array.Empty<string>()])
        {
            json.WriteStringValue(kind);
        }

        json.WriteEndArray();
        if (endpoint.Grouping.AlertsMax > 1)
        {
            json.WriteStartObject("group");
            json.WriteString("wait", endpoint.Grouping.Wait.ToString("c"));
            if (endpoint.Grouping.PerHourMax < int.MaxValue)
            {
                json.WriteNumber("perHour", endpoint.Grouping.PerHourMax);
            }

            json.WriteEndObject();
        }
    }
}

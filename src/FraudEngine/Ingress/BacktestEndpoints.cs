using System.Text;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Trials;

namespace FraudEngine.Ingress;

/// <summary><c>/v1/backtests</c>: tries a rule set on what the journal holds, and tells what came of it.</summary>
public static class BacktestEndpoints
{
    /// <summary>How errors name the rules in a request.</summary>
    private const string BodyName = "rules";

    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine, Backtests backtests)
    {
        routes.MapPost("/v1/backtests", StoreFailure.Answered(context => Post(context, engine, backtests)));
        routes.MapGet("/v1/backtests", StoreFailure.Answered(context => List(context, backtests)));
        routes.MapGet("/v1/backtests/{id}", StoreFailure.Answered(context => Show(context, backtests)));
        routes.MapDelete("/v1/backtests/{id}", StoreFailure.Answered(context => Delete(context, backtests)));
    }

    private static async Task Post(HttpContext context, DecisionEngine engine, Backtests backtests)
    {
        if (!backtests.TryEnter())
        {
            await ProblemResponse.Write(context, new Problem(
                503, "too-many-backtests", "Too many backtests", $"{Backtests.RunningMax} backtests run already. Try again when one has ended, or end one (DELETE /v1/backtests/{{id}})."));
            return;
        }

        var isEntered = true;
        try
        {
            if (await ReadAsync(context) is { } body && TryReadRange(body, out var range) is var problem)
            {
                if (problem is not null)
                {
                    await ProblemResponse.Write(context, problem);
                    return;
                }

                isEntered = false;
                await Answer(context, await backtests.StartAsync(body.Rules ?? engine.InForce.Rules.Source, BodyName, range, body.Labels, body.Model));
            }
        }
        finally
        {
            if (isEntered)
            {
                backtests.Leave();
            }
        }
    }

    private static async Task Answer(HttpContext context, BacktestAnswer answer)
    {
        if (answer.Started is not { } backtest)
        {
            await TrialProblems.Write(context, answer.Refusal!);
            return;
        }

        context.Response.Headers.Location = $"/v1/backtests/{backtest.Id}";
        if (context.Request.Query["wait"] == "true")
        {
            await backtest.EndAsync().WaitAsync(context.RequestAborted);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status202Accepted;
        }

        await Write(context, backtest);
    }

    private static Task List(HttpContext context, Backtests backtests) => JsonResponse.Write(context, json =>
    {
        json.WriteStartArray("backtests");
        foreach (var backtest in backtests.All)
        {
            json.WriteStartObject();
            Write(json, backtest);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static Task Show(HttpContext context, Backtests backtests) =>
        backtests.Find((string)context.Request.RouteValues["id"]!) is { } backtest ? Write(context, backtest) : ProblemResponse.Write(context, Unknown);

    private static Task Delete(HttpContext context, Backtests backtests)
    {
        if (!backtests.Remove((string)context.Request.RouteValues["id"]!))
        {
            return ProblemResponse.Write(context, Unknown);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary>As CSV only once there is a report; before, and where the client does not ask for that, as JSON.</summary>
    private static Task Write(HttpContext context, Backtest backtest)
    {
        if (backtest.Report is { } report && TrialReportBody.WantsCsv(context))
        {
            return TrialReportBody.WriteCsv(context, report);
        }

        return JsonResponse.Write(context, json =>
        {
            Write(json, backtest);
            json.WritePropertyName("report");
            TrialReportBody.Write(json, backtest.Report);
        });
    }

    private static void Write(Utf8JsonWriter json, Backtest backtest)
    {
        json.WriteString("id", backtest.Id);
        json.WriteString("ruleSet", backtest.RuleSet);
        json.WriteString("model", backtest.Model);
        json.WriteString("state", StateText(backtest.State));
        json.WriteNumber("done", backtest.Done);
        json.WriteNumber("total", backtest.Total);
        json.WriteString("failure", backtest.Failure);
    }

    private static string StateText(BacktestState state) => state switch
    {
        BacktestState.Running => "running",
        BacktestState.Done => "done",
        BacktestState.Failed => "failed",
        BacktestState.Cancelled => "cancelled",
        BacktestState.None => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    private static Problem Unknown { get; } = new(404, "unknown-backtest", "Unknown backtest", "There is none of that id. GET /v1/backtests names those that are kept.");

    /// <summary>Null where the body was refused, which is answered then.</summary>
    private static async Task<BacktestBody?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true)
        {
            var query = context.Request.Query;
            return await RuleBody.ReadAsync(context) is { } yaml ? BacktestBody.OfRules(yaml, query["from"].FirstOrDefault(), query["to"].FirstOrDefault(), query["account"].FirstOrDefault()) : null;
        }

        var (body, problem) = await RequestBody.ReadAsync(context, BacktestBody.BytesMax);
        if (problem is not null)
        {
            await ProblemResponse.Write(context, problem);
            return null;
        }

        var wrong = BacktestBody.TryRead(body, out var read);
        if (wrong is not null)
        {
            await ProblemResponse.Write(context, new Problem(400, "malformed", "Not a backtest", wrong));
            return null;
        }

        return read;
    }

    private static Problem? TryReadRange(BacktestBody body, out JournalRange range)
    {
        range = new JournalRange();
        if (!TryReadTime(body.From, range.FromTicks, out var from) || !TryReadTime(body.To, range.ToTicks, out var to))
        {
            return new Problem(400, "invalid-query", "Invalid query", "from and to must be RFC 3339 timestamps such as 2026-01-31T12:00:00Z.");
        }

        range = new JournalRange(from, to, body.Account is { } account ? Encoding.UTF8.GetBytes(account) : null);
        return from < to ? null : new Problem(400, "invalid-query", "Invalid query", "from must lie before to.");
    }

    private static bool TryReadTime(string? text, long absent, out long ticks)
    {
        ticks = absent;
        return text is null || TimestampText.Read(Encoding.UTF8.GetBytes(text), out ticks) == FieldProblem.None;
    }
}

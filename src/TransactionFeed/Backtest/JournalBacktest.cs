using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FraudEngine.Trials;
using TransactionFeed.CommandLine;
using TransactionFeed.Reports;
using TransactionFeed.Wire;

namespace TransactionFeed.Backtest;

/// <summary>A backtest over the journal of an engine, which runs it and sends the report.</summary>
internal sealed class JournalBacktest(BacktestSettings settings, FeedConsole console)
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(200);

    private readonly EngineAddress _engine = settings.Engine!;
    private long _done;
    private long _total;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        var yaml = RuleFiles.ReadText(settings.Rules);
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var id = await StartAsync(client, yaml, stop);
        JsonElement ended;
        try
        {
            ended = await ProgressDisplay.RunAsync(
                console.Messages,
                () => new ProgressMark(_total > 0 ? (double)_done / _total : null, string.Create(CultureInfo.InvariantCulture, $"{_done:N0} of {_total:N0} rows")),
                WaitAsync(client, id, stop));
        }
        catch (OperationCanceledException)
        {
            using var end = new HttpRequestMessage(HttpMethod.Delete, _engine.UriOf($"v1/backtests/{id}"));
            (await EngineRequest.SendAsync(client, end, _engine, CancellationToken.None)).Dispose();
            throw;
        }

        if (ended.GetProperty("state").GetString() is var state and not "done")
        {
            throw FeedException.Failed($"The backtest {state}: {ended.GetProperty("failure").GetString()}");
        }

        ReportFile.Write(TrialReportJson.Read(ended.GetProperty("report")), settings.Format, settings.Out, console);
        return ExitCode.Done;
    }

    private async Task<string> StartAsync(HttpClient client, string yaml, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _engine.UriOf("v1/backtests" + Query()))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(yaml)) { Headers = { ContentType = new MediaTypeHeaderValue("application/yaml") } },
        };
        using var response = await EngineRequest.SendAsync(client, request, _engine, stop);
        return (await ReadAsync(response, stop)).GetProperty("id").GetString()!;
    }

    private async Task<JsonElement> WaitAsync(HttpClient client, string id, CancellationToken stop)
    {
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _engine.UriOf($"v1/backtests/{id}"));
            using var response = await EngineRequest.SendAsync(client, request, _engine, stop);
            var backtest = await ReadAsync(response, stop);
            _done = backtest.GetProperty("done").GetInt64();
            _total = backtest.GetProperty("total").GetInt64();
            if (backtest.GetProperty("state").GetString() != "running")
            {
                return backtest;
            }

            await Task.Delay(PollPeriod, stop);
        }
    }

    private string Query()
    {
        var parts = new[] { ("from", settings.From), ("to", settings.Until), ("account", settings.Account) }
            .Where(static part => part.Item2 is not null).Select(static part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}");
        return string.Join('&', parts) is { Length: > 0 } query ? "?" + query : "";
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken stop)
    {
        using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(stop), default, stop);
        return json.RootElement.Clone();
    }
}

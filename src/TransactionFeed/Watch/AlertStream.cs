using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using TransactionFeed.CommandLine;
using TransactionFeed.Replay;
using TransactionFeed.Wire;

namespace TransactionFeed.Watch;

/// <summary>
/// The engine's alerts as server-sent events. Where the connection breaks, it opens the next and goes on after the last alert that it has.
/// </summary>
internal sealed class AlertStream(EngineAddress engine, string? account, Action<string> say, TimeProvider time) : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Where to go on; empty: with what comes from now on.</summary>
    public string LastEventId { get; set; } = "";

    /// <summary>Runs until stopped. Throws <see cref="FeedException"/> where the engine refuses for good.</summary>
    public async IAsyncEnumerable<string> ReadAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var backoff = new Backoff(Timeout.InfiniteTimeSpan, time);
        while (!stop.IsCancellationRequested)
        {
            string why;
            var (events, refusal) = await TryOpenAsync(stop);
            if (events is null)
            {
                why = refusal;
            }
            else
            {
                await using var received = events.EnumerateAsync(stop).GetAsyncEnumerator(stop);
                while ((why = await TryMoveAsync(received)).Length == 0)
                {
                    backoff.Reset();
                    LastEventId = events.LastEventId.Length > 0 ? events.LastEventId : LastEventId;
                    if (received.Current.EventType == "alert")
                    {
                        yield return received.Current.Data;
                    }
                }

                // An engine may say where to go on before it has an alert to send.
                LastEventId = events.LastEventId.Length > 0 ? events.LastEventId : LastEventId;
            }

            var wait = backoff.AfterFailure(asked: null) ?? TimeSpan.Zero;
            say(FormattableString.Invariant($"{why} Trying again in {wait.TotalSeconds:0.#} s{(LastEventId.Length > 0 ? $", after alert {LastEventId}" : "")}."));
            await Task.Delay(wait, time, stop);
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The events, or why there are none for now.</summary>
    private async Task<(SseParser<string>? Events, string Refusal)> TryOpenAsync(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, engine.UriOf("v1/alerts/stream" + (account is null ? "" : "?account=" + Uri.EscapeDataString(account))));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (LastEventId.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", LastEventId);
        }

        try
        {
            var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
            if (response.IsSuccessStatusCode)
            {
                return (SseParser.Create(await response.Content.ReadAsStreamAsync(stop)), "");
            }

            using (response)
            {
                var refused = new RefusedException((int)response.StatusCode, ProblemText.Of(await response.Content.ReadAsStringAsync(stop)), retryAfter: null);
                return refused.IsPassing ? (null, refused.Message) : throw FeedException.Failed($"{engine} gives no alerts. {refused.Message}");
            }
        }
        catch (HttpRequestException e)
        {
            return (null, $"{engine} can't be reached ({e.Message}).");
        }
    }

    /// <summary>Empty when there is another event, else why there is none.</summary>
    private static async Task<string> TryMoveAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        try
        {
            return await events.MoveNextAsync() ? "" : "The engine ended the stream.";
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return "The connection is lost.";
        }
    }
}

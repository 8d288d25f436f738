using System.Net;
using System.Text;
using System.Text.Json;

namespace FraudEngine.Tests.Cluster;

/// <summary>Sends transactions as NDJSON to one serving node after another until each is decided. What is sent again is the same, so that is safe.</summary>
internal sealed class StreamSender(RunningCluster cluster, SentBook book, int first)
{
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(20);
    private int _turn = first;

    /// <summary>Ends when all are answered with a decision.</summary>
    public async Task SendAsync(IReadOnlyList<Sent> transactions, CancellationToken stop)
    {
        var pending = transactions.ToList();
        pending.ForEach(book.Sending);
        while (pending.Count > 0 && !stop.IsCancellationRequested)
        {
            var serving = cluster.Serving;
            if (serving.Count > 0)
            {
                await TryAsync(serving[_turn % serving.Count].Url, pending, stop);
            }

            pending.RemoveAll(static sent => sent.Answer is not null);
            if (pending.Count > 0)
            {
                _turn++;
                await Task.Delay(50, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TryAsync(string url, List<Sent> pending, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(AnswerMax);
        using var request = new HttpRequestMessage(HttpMethod.Post, url + "/v1/transactions")
        {
            Content = new StringContent(string.Concat(pending.Select(static sent => sent.Line + "\n")), Encoding.UTF8, "application/x-ndjson"),
        };
        try
        {
            using var response = await ClusterClient.SendAsync(request, patience.Token);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                pending.ForEach(book.RefusedForNow);
                return;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                book.Errors.Enqueue($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(patience.Token)}");
                return;
            }

            using var answers = new StreamReader(await response.Content.ReadAsStreamAsync(patience.Token));
            foreach (var sent in pending)
            {
                patience.CancelAfter(AnswerMax);
                if (await answers.ReadLineAsync(patience.Token) is not { } answer)
                {
                    book.Lost($"{url}: the answers ended before the lines did");
                    return;
                }

                Take(sent, answer);
            }
        }
        catch (Exception reason) when (ClusterClient.IsLoss(reason))
        {
            if (!stop.IsCancellationRequested)
            {
                book.Lost($"{url}: {reason.GetType().Name} {reason.Message}");
            }
        }
    }

    private void Take(Sent sent, string answer)
    {
        if (!answer.StartsWith("{\"line\":", StringComparison.Ordinal))
        {
            book.Answered(sent, answer);
            return;
        }

        using var json = JsonDocument.Parse(answer);
        if (json.RootElement.GetProperty("error").GetProperty("status").GetInt32() == (int)HttpStatusCode.ServiceUnavailable)
        {
            book.RefusedForNow(sent);
        }
        else
        {
            book.Errors.Enqueue($"{sent.Line}: {answer}");
        }
    }
}

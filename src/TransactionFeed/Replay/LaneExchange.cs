using System.Buffers;
using System.Globalization;
using System.Text;
using TransactionFeed.Input;
using TransactionFeed.Wire;

namespace TransactionFeed.Replay;

/// <summary>One request of a lane: sends its lines and reads the answers at the same time, until the lane has none left for now.</summary>
internal sealed class LaneExchange(Stream connection, EngineAddress engine, Lane lane, ReplaySettings settings, Action<TransactionRecord, Answer> answered)
{
    private const int BatchBytesMax = 32 * 1024;
    private const int AnswerBytesMax = 256 * 1024;

    /// <summary>Returns when the request has ended and every line of it is answered. Throws <see cref="IOException"/> where it broke.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var sending = SendAsync(broken.Token);
        var watching = WatchAsync(broken);
        try
        {
            await ReceiveAsync(broken.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new IOException(FormattableString.Invariant($"No answer for {settings.AnswerTimeout.TotalSeconds:0.#} s."));
        }
        finally
        {
            await broken.CancelAsync();
            await Task.WhenAll(sending, watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {engine.PathOf(lane.Kind.Path)} HTTP/1.1\r\nHost: {engine.Host}\r\nContent-Type: application/x-ndjson\r\n"
            + "Accept: application/x-ndjson\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"), stop);
        var batch = new ArrayBufferWriter<byte>(2 * BatchBytesMax);
        var chunk = new ArrayBufferWriter<byte>(2 * BatchBytesMax);
        while (true)
        {
            batch.ResetWrittenCount();
            lane.TakeUnsent(batch, BatchBytesMax);
            if (batch.WrittenCount > 0)
            {
                chunk.ResetWrittenCount();
                chunk.Write(Encoding.ASCII.GetBytes(batch.WrittenCount.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
                chunk.Write(batch.WrittenSpan);
                chunk.Write("\r\n"u8);
                await connection.WriteAsync(chunk.WrittenMemory, stop);
            }
            else if (lane.IsComplete || !await WaitForMoreAsync(stop))
            {
                await connection.WriteAsync("0\r\n\r\n"u8.ToArray(), stop);
                return;
            }
        }
    }

    /// <summary>False where nothing came for the idle timeout.</summary>
    private async Task<bool> WaitForMoreAsync(CancellationToken stop)
    {
        using var idle = CancellationTokenSource.CreateLinkedTokenSource(stop);
        idle.CancelAfter(settings.IdleTimeout);
        try
        {
            await lane.Changed.WaitAsync(idle.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task ReceiveAsync(CancellationToken stop)
    {
        var response = await HttpResponse.ReadAsync(connection, stop);
        if (response.Status != 200)
        {
            throw new RefusedException(response.Status, ProblemText.Of(await response.ReadTextAsync(4096, stop)), response.RetryAfter);
        }

        var lines = new LineReader(response.Body, AnswerBytesMax);
        while (await lines.ReadAsync(stop))
        {
            var answer = lane.Kind.ReadAnswer(lines.Line.Span);
            if (!lane.TryPeekUnanswered(out var record))
            {
                throw new IOException("The engine gives more answers than it was sent lines.");
            }

            if (answer.IsUnavailable)
            {
                throw new RefusedException(503, answer.ErrorTitle, retryAfter: null);
            }

            if (!answer.IsError && record.TransactionId != answer.TransactionId)
            {
                throw new IOException($"The engine answers for transaction {answer.TransactionId} where {record.TransactionId} is due.");
            }

            lane.Answer();
            answered(record, answer);
        }

        if (lane.HasUnanswered)
        {
            throw new IOException("The engine ended its answer before the last line.");
        }
    }

    /// <summary>Breaks the exchange when answers are due and none comes.</summary>
    private async Task WatchAsync(CancellationTokenSource broken)
    {
        while (true)
        {
            var before = lane.Answered;
            var isDue = lane.HasUnanswered;
            await Task.Delay(settings.AnswerTimeout, broken.Token);
            if (isDue && lane.Answered == before)
            {
                await broken.CancelAsync();
            }
        }
    }
}

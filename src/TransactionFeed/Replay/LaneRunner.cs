using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Wire;

namespace TransactionFeed.Replay;

/// <summary>Runs a lane to its end, over as many requests as it takes. What was not answered is sent again: ids make that safe.</summary>
internal sealed class LaneRunner(EngineAddress engine, Lane lane, ReplaySettings settings, Action<TransactionRecord, Answer> answered, Action retrying, TimeProvider time)
{
    private readonly Backoff _backoff = new(settings.GiveUpAfter, time);

    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            if (lane.HasUnsent)
            {
                await TryAsync(stop);
            }
            else if (lane.IsComplete)
            {
                return;
            }
            else
            {
                await lane.Changed.WaitAsync(stop);
            }
        }
    }

    private async Task TryAsync(CancellationToken stop)
    {
        var before = lane.Answered;
        try
        {
            await using var connection = await engine.ConnectAsync(stop);
            await new LaneExchange(connection, engine, lane, settings, answered).RunAsync(stop);
            _backoff.Reset();
        }
        catch (IOException e)
        {
            stop.ThrowIfCancellationRequested();
            lane.Rewind();
            if (lane.Answered > before)
            {
                _backoff.Reset();
            }

            var refused = e as RefusedException;
            if (refused is { IsPassing: false })
            {
                throw FeedException.Failed($"{engine} can't be fed. {e.Message}");
            }

            var wait = _backoff.AfterFailure(refused?.RetryAfter)
                ?? throw FeedException.Failed(FormattableString.Invariant(
                    $"Given up after {settings.GiveUpAfter.TotalSeconds:0.#} s without an answer from {engine}. {e.Message}"));
            retrying();
            await Task.Delay(wait, time, stop);
        }
    }
}

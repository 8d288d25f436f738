using System.Text;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;
using TransactionFeed.Labels;
using TransactionFeed.Wire;

namespace TransactionFeed.Replay;

/// <summary>
/// Sends a source's transactions to an engine over several streams and writes one row per transaction, in the order of the source. An account's
/// transactions share a stream and so keep their order. Labels go along, each when it becomes known.
/// </summary>
/// <param name="book">The labels to send, where they do not stand in the source.</param>
internal sealed class Replayer(EngineAddress engine, ReplaySettings settings, LabelBook? book, TimeProvider time)
{
    private readonly ReplayTally _tally = new(settings.Labels is not null);

    public ReplayCounts Counts => _tally.Snapshot();

    /// <summary>
    /// Runs to the end of the source, or until stopped or given up; what was reached is in <see cref="Counts"/> and on <paramref name="output"/>
    /// either way. Throws <see cref="FeedException"/> when given up.
    /// </summary>
    public async Task<ReplayEnd> RunAsync(IRecordSource source, Stream? output, CancellationToken stop)
    {
        var rows = new OrderedRows(output);
        output?.Write(Encoding.ASCII.GetBytes(DecisionCsv.Header));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lanes = Enumerable.Range(0, settings.Streams).Select(_ => new Lane(LaneKind.Transactions)).ToArray();
        var labels = settings.Labels is { } which ? new LabelFeed(which, book, _tally) : null;
        var tasks = lanes
            .Select(lane => RunAsync(lane, (record, answer) => Finish(rows, record, answer), ended.Token))
            .Append(ReadAsync(source, rows, lanes, labels, ended.Token))
            .ToList();
        if (labels is not null)
        {
            tasks.Add(RunAsync(labels.Lane, labels.Finish, ended.Token));
        }

        try
        {
            await EndOfAllAsync(tasks);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ReplayEnd.Interrupted;
        }
        finally
        {
            await ended.CancelAsync();
            await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            output?.Flush();
        }

        return rows.Written == _tally.Snapshot().Read
            ? ReplayEnd.Complete
            : throw FeedException.Failed($"{_tally.Snapshot().Read} transactions were read, but {rows.Written} rows written. This is a bug of the client.");
    }

    /// <summary>Waits for all, but for none longer than until the first fails.</summary>
    private static async Task EndOfAllAsync(List<Task> tasks)
    {
        await foreach (var task in Task.WhenEach(tasks))
        {
            await task;
        }
    }

    private Task RunAsync(Lane lane, Action<TransactionRecord, Answer> answered, CancellationToken stop) =>
        new LaneRunner(engine, lane, settings, answered, _tally.CountRetry, time).RunAsync(stop);

    private async Task ReadAsync(IRecordSource source, OrderedRows rows, Lane[] lanes, LabelFeed? labels, CancellationToken stop)
    {
        var pace = settings.Speed is { } speed ? new EventPace(speed, time) : null;
        for (long i = 0; i < settings.Limit && await source.ReadAsync(stop) is { } record; i++)
        {
            if (pace is not null)
            {
                await pace.WaitAsync(record.EventTicks, stop);
            }

            if (labels is not null)
            {
                await labels.BeforeAsync(record, rows, stop);
            }

            _tally.CountRead();
            await rows.AdmitAsync(record, stop);
            if (record.Problem is { } problem)
            {
                _tally.CountUnsendable(problem);
                rows.Complete(record, DecisionCsv.ErrorRow(record, problem));
            }
            else
            {
                labels?.Note(record);
                lanes[AccountHash.Of(record.AccountId) % (uint)lanes.Length].Add(record);
            }
        }

        if (labels is not null)
        {
            await labels.EndAsync(rows, stop);
        }

        foreach (var lane in lanes)
        {
            lane.Complete();
        }
    }

    private void Finish(OrderedRows rows, TransactionRecord record, Answer answer)
    {
        _tally.CountAnswer(answer, record.SentAt);
        rows.Complete(record, DecisionCsv.Row(record, answer));
    }
}

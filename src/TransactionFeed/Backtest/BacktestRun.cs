using System.Collections.Concurrent;
using FraudEngine.Trials;
using TransactionFeed.Replay;

namespace TransactionFeed.Backtest;

/// <summary>
/// A trial over files: one thread reads blocks of lines, one thread per partition decides its rows of each block, and the decisions, where they are asked
/// for, are written block by block. The blocks go round, so memory does not grow with the files.
/// </summary>
internal sealed class BacktestRun
{
    private const int BlockBytesDefault = 4 << 20;
    private const int BlocksAhead = 2;

    private readonly BlockReader _reader;
    private readonly Stream? _decisions;
    private readonly PartitionRunner[] _runners;
    private readonly BlockingCollection<RowBlock> _free = [];
    private readonly BlockingCollection<RowBlock>[] _filled;
    private readonly BlockingCollection<RowBlock> _done = [];
    private int _running;

    /// <param name="labels">Asked where a row itself does not say.</param>
    /// <param name="decisions">Where the decisions are written as CSV; null for nowhere.</param>
    public BacktestRun(TrialSettings settings, BlockReader reader, LabelBook? labels, Stream? decisions, int blockBytes = BlockBytesDefault)
    {
        _reader = reader;
        _decisions = decisions;
        _runners = [.. Enumerable.Range(0, settings.Partitions).Select(index => new PartitionRunner(settings, index, labels, decisions is not null))];
        _running = _runners.Length;
        _filled = [.. _runners.Select(_ => new BlockingCollection<RowBlock>())];
        for (var i = 0; i < settings.Partitions + BlocksAhead; i++)
        {
            _free.Add(new RowBlock(blockBytes, settings.Partitions));
        }
    }

    /// <summary>Runs to the end of the files. Throws what went wrong first.</summary>
    public async Task<IReadOnlyList<TrialPartition>> RunAsync(CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] tasks =
        [
            Start(Read, end),
            Start(Finish, end),
            .. _runners.Select((runner, index) => Start(token => Decide(runner, _filled[index], token), end)),
        ];
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (OperationCanceledException)
        {
            // The first failure cancelled the others: it is the one to be told.
            await (Array.Find(tasks, static task => task.Exception?.InnerException is not (null or OperationCanceledException)) ?? Task.CompletedTask);
            throw;
        }

        return [.. _runners.Select(static runner => runner.Partition)];
    }

    private static Task Start(Action<CancellationToken> work, CancellationTokenSource end) => Task.Factory.StartNew(
        () =>
        {
            var isDone = false;
            try
            {
                work(end.Token);
                isDone = true;
            }
            finally
            {
                if (!isDone)
                {
                    end.Cancel();
                }
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    private void Read(CancellationToken stop)
    {
        var block = _free.Take(stop);
        while (_reader.Fill(block))
        {
            foreach (var filled in _filled)
            {
                filled.Add(block, stop);
            }

            block = _free.Take(stop);
        }

        foreach (var filled in _filled)
        {
            filled.CompleteAdding();
        }
    }

    private void Decide(PartitionRunner runner, BlockingCollection<RowBlock> filled, CancellationToken stop)
    {
        foreach (var block in filled.GetConsumingEnumerable(stop))
        {
            runner.Run(block);
            if (block.SetDone())
            {
                // Every partition goes through the blocks in order, so this is the order of the blocks, too.
                _done.Add(block, stop);
            }
        }

        if (Interlocked.Decrement(ref _running) == 0)
        {
            _done.CompleteAdding();
        }
    }

    /// <summary>Writes the decisions of the blocks that all partitions have done, and gives the blocks back.</summary>
    private void Finish(CancellationToken stop)
    {
        _decisions?.Write(System.Text.Encoding.ASCII.GetBytes(DecisionCsv.Header));
        var answers = Array.Empty<ReadOnlyMemory<byte>>();
        foreach (var block in _done.GetConsumingEnumerable(stop))
        {
            if (_decisions is not null)
            {
                answers = answers.Length < block.Count ? new ReadOnlyMemory<byte>[block.Count] : answers;
                answers.AsSpan(0, block.Count).Clear();
                foreach (var partition in block.Answers)
                {
                    partition.CopyTo(answers);
                }

                foreach (var answer in answers.AsSpan(0, block.Count))
                {
                    _decisions.Write(answer.Span);
                }
            }

            _free.Add(block, stop);
        }
    }
}

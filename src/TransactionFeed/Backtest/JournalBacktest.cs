using TransactionFeed.Reports;

namespace TransactionFeed.Backtest;

/// <summary>A backtest over the journal of an engine, which runs it and sends the report.</summary>
internal sealed class JournalBacktest(BacktestSettings settings, FeedConsole console)
{
    public Task<int> RunAsync(CancellationToken stop) => throw new NotImplementedException($"{settings} {console} {stop}");
}

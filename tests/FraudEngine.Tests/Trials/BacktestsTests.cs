using System.Runtime.CompilerServices;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Engine;
using FraudEngine.Tests.Storage;
using FraudEngine.Trials;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Trials;

/// <summary>How many backtests run and are kept, and how they end.</summary>
public sealed class BacktestsTests : IAsyncDisposable
{
    private readonly SimulatedStore _store = new();
    private readonly Backtests _backtests;

    public BacktestsTests() => _backtests = new Backtests(new SimulatedJournal(_store), WindowSettings.Default, () => NamedLists.Empty);

    public ValueTask DisposeAsync() => _backtests.DisposeAsync();

    [Fact]
    public async Task Places_are_taken_until_a_backtest_has_ended_or_was_refused()
    {
        Assert.True(_backtests.TryEnter());
        Assert.True(_backtests.TryEnter());
        Assert.False(_backtests.TryEnter());
        Assert.False(_backtests.TryEnter());
        Assert.NotEmpty((await _backtests.StartAsync("name: x", "rules", new JournalRange(), null)).Refusal!.Errors);
        Assert.True(_backtests.TryEnter());
        Assert.False(_backtests.TryEnter());
        await _backtests.StartAsync(EngineRig.Yaml, "rules", new JournalRange(), null);
        await Eventually.ThatAsync(() => _backtests.TryEnter(), "the place was free again");
    }

    [Fact]
    public async Task The_last_ones_are_kept()
    {
        for (var i = 0; i < Backtests.KeptMax + 5; i++)
        {
            await Eventually.ThatAsync(() => _backtests.TryEnter(), "there was a place");
            await (await _backtests.StartAsync(EngineRig.Yaml, "rules", new JournalRange(), null)).Started!.EndAsync();
        }

        Assert.Equal(Backtests.KeptMax, _backtests.All.Count);
        Assert.Equal("105", _backtests.All[0].Id);
        Assert.Null(_backtests.Find("5"));
        Assert.NotNull(_backtests.Find("6"));
    }

    [Fact]
    public async Task One_that_has_ended_holds_its_labels_no_more()
    {
        Assert.True(_backtests.TryEnter());
        var (backtest, labels) = StartWithLabels();
        await backtest.EndAsync();
        Assert.Same(backtest, _backtests.Find(backtest.Id));
        await Eventually.ThatAsync(
            () =>
            {
                GC.Collect();
                return !labels.IsAlive;
            },
            "the labels were gone");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private (Backtest Backtest, WeakReference Labels) StartWithLabels()
    {
        var labels = new LabelBook();
        return (_backtests.StartAsync(EngineRig.Yaml, "rules", new JournalRange(), labels).GetAwaiter().GetResult().Started!, new WeakReference(labels));
    }

    [Fact]
    public async Task One_over_a_damaged_journal_fails_and_says_why()
    {
        _store.Rows.Add(new SimulatedStore.StoredRow(1, "a"u8.ToArray(), 1, 0, [99], default));
        Assert.True(_backtests.TryEnter());
        var backtest = (await _backtests.StartAsync(EngineRig.Yaml, "rules", new JournalRange(), null)).Started!;
        await backtest.EndAsync();
        Assert.Equal((BacktestState.Failed, null), (backtest.State, backtest.Report));
        Assert.Contains("damaged", backtest.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_removed_ends()
    {
        var rig = new EngineRig(1, _store);
        for (var i = 0; i < 3000; i++)
        {
            rig.Submit($"a{i % 5}", $"t{i}", i * 60);
            rig.RunAll();
        }

        Assert.True(_backtests.TryEnter());
        var backtest = (await _backtests.StartAsync(EngineRig.Yaml, "rules", new JournalRange(), null)).Started!;
        Assert.True(_backtests.Remove(backtest.Id));
        Assert.False(_backtests.Remove(backtest.Id));
        await backtest.EndAsync();
        Assert.Contains(backtest.State, (BacktestState[])[BacktestState.Cancelled, BacktestState.Done]);
        Assert.Null(backtest.Failure);
    }
}

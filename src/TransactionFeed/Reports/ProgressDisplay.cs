using Spectre.Console;

namespace TransactionFeed.Reports;

/// <summary>Shows progress while something runs: a bar on a terminal, a plain line every few seconds elsewhere.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan BarPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LinePeriod = TimeSpan.FromSeconds(5);

    /// <summary>Returns or throws what <paramref name="work"/> does.</summary>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, Func<ProgressMark> mark, Task<T> work)
    {
        if (console.Profile.Out.IsTerminal && console.Profile.Capabilities.Interactive)
        {
            await ShowBarAsync(console, mark, work);
        }
        else
        {
            await WriteLinesAsync(console, mark, work);
        }

        return await work;
    }

    private static async Task ShowBarAsync(IAnsiConsole console, Func<ProgressMark> mark, Task work) => await console.Progress()
        .AutoClear(true)
        .Columns(new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .StartAsync(async context =>
        {
            var bar = context.AddTask(Described(mark().Text), maxValue: 1);
            while (!work.IsCompleted)
            {
                var (share, text) = mark();
                bar.IsIndeterminate = share is null;
                bar.Value = share ?? 0;
                bar.Description = Described(text);
                await EndOrPeriodAsync(work, BarPeriod);
            }
        });

    /// <summary>A bar without a description is an error to the library.</summary>
    private static string Described(string text) => string.IsNullOrWhiteSpace(text) ? "…" : Markup.Escape(text);

    private static async Task WriteLinesAsync(IAnsiConsole console, Func<ProgressMark> mark, Task work)
    {
        while (!work.IsCompleted)
        {
            await EndOrPeriodAsync(work, LinePeriod);
            if (!work.IsCompleted)
            {
                var (share, text) = mark();
                console.WriteLine(share is { } known ? FormattableString.Invariant($"{known,6:P1}  {text}") : text);
            }
        }
    }

    private static Task EndOrPeriodAsync(Task work, TimeSpan period) => work.WaitAsync(period).ContinueWith(
        _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}

using System.Diagnostics;

namespace FraudEngine.Tests;

/// <summary>Waits for what other tasks bring about.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Fails with <paramref name="what"/> where <paramref name="condition"/> doesn't come true.</summary>
    public static async Task ThatAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, $"Waited {Patience.TotalSeconds} s in vain until {what}.");
            await Task.Delay(5);
        }
    }

    /// <summary>Fails with <paramref name="what"/> where <paramref name="condition"/> doesn't come true within <paramref name="patience"/>; returns how long it took.</summary>
    public static Task<TimeSpan> ThatAsync(Func<Task<bool>> condition, string what, TimeSpan patience) => ThatAsync(condition, () => what, patience);

    /// <param name="what">Asked when the patience is at its end, so that it can say how things stand then.</param>
    public static async Task<TimeSpan> ThatAsync(Func<Task<bool>> condition, Func<string> what, TimeSpan patience)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed >= patience)
            {
                Assert.Fail($"Waited {patience.TotalSeconds} s in vain until {what()}.");
            }

            await Task.Delay(20);
        }

        return watch.Elapsed;
    }
}

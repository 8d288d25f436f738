using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>One window of an account, as its owner or an analyst sees it.</summary>
/// <param name="Function">In lower case, as the rule language has it.</param>
/// <param name="Field">None for count.</param>
/// <param name="Length">As a duration of the rule language: <c>30d</c>, <c>1h</c>.</param>
/// <param name="Number">Null where the window has no value, or a text.</param>
/// <param name="Text">Null where the window has no value, or a number.</param>
/// <param name="IsForgotten">Whether the exact value is not known, because the account has more transactions than are kept.</param>
public sealed record WindowReading(string Function, TransactionField Field, string Length, decimal? Number, string? Text, bool IsForgotten)
{
    internal static ImmutableArray<WindowReading> Of(ImmutableArray<WindowValue> values) => [.. values.Select(Of)];

    private static WindowReading Of(WindowValue value) => new(
        value.Spec.Function.ToString().ToLowerInvariant(),
        value.Spec.Field,
        Duration(value.Spec.LengthTicks),
        value.Status == WindowStatus.Ok && !value.Spec.IsText ? value.Number : null,
        value.Status == WindowStatus.Ok && value.Spec.IsText ? value.Text.ToString() : null,
        value.Status == WindowStatus.Forgotten);

    private static string Duration(long ticks)
    {
        var length = TimeSpan.FromTicks(ticks);
        return length.Ticks % TimeSpan.TicksPerDay == 0 ? $"{length.TotalDays:0}d"
            : length.Ticks % TimeSpan.TicksPerHour == 0 ? $"{length.TotalHours:0}h"
            : length.Ticks % TimeSpan.TicksPerMinute == 0 ? $"{length.TotalMinutes:0}m"
            : $"{length.TotalSeconds:0.#######}s";
    }
}

using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>The windows that a rule set needs over one kind of entity. A window's place in <see cref="Specs"/> is its slot.</summary>
public sealed class WindowPlan
{
    /// <summary>The most that <see cref="WindowSettings.EventsMax"/> may be: so many squares of the largest amount still fit in 128 bits.</summary>
    public const int EventsMaxLimit = 3_000_000;

    public WindowPlan(WindowSettings settings, IEnumerable<WindowSpec> specs)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.HorizonTicks, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegative(settings.AllowedLatenessTicks, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.EventsMax, 1, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(settings.EventsMax, EventsMaxLimit, nameof(settings));
        Settings = settings;
        Specs = [.. specs.Distinct()];
        foreach (var spec in Specs)
        {
            if (!IsPossible(spec))
            {
                throw new ArgumentException($"{spec} is not a window.", nameof(specs));
            }
        }

        Layout = new WindowLayout(Specs);
        KeptTicks = EventTime.Together(settings.HorizonTicks, settings.AllowedLatenessTicks);
    }

    public WindowSettings Settings { get; }

    public ImmutableArray<WindowSpec> Specs { get; }

    internal WindowLayout Layout { get; }

    /// <summary>How far behind the newest transaction the others are kept, so that the latest allowed one still sees its longest window.</summary>
    internal long KeptTicks { get; }

    private bool IsPossible(WindowSpec spec)
    {
        var isText = spec.Field is >= TransactionField.TransactionId and <= TransactionField.Channel;
        var fieldFits = spec.Function switch
        {
            WindowFunction.None => false,
            WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed => spec.Field == TransactionField.None,
            WindowFunction.Sum or WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max or WindowFunction.Stddev =>
                spec.Field == TransactionField.Amount,
            WindowFunction.Distinct => isText,
            WindowFunction.Last or WindowFunction.First => isText || spec.Field == TransactionField.Amount,
        };
        return fieldFits && spec.LengthTicks > 0 && spec.LengthTicks <= Settings.HorizonTicks;
    }
}

using System.Collections.Immutable;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>Gives each different window of a rule set its slot in the plan.</summary>
internal sealed class WindowSlots(WindowSettings settings)
{
    private readonly Dictionary<WindowSpec, int> _slots = [];
    private readonly List<WindowSpec> _specs = [];
    private readonly SortedSet<int> _taken = [];

    public long HorizonTicks => settings.HorizonTicks;

    public int Slot(WindowSpec spec)
    {
        if (!_slots.TryGetValue(spec, out var slot))
        {
            slot = _specs.Count;
            _slots.Add(spec, slot);
            _specs.Add(spec);
        }

        _taken.Add(slot);
        return slot;
    }

    /// <summary>The slots asked for since the last call, ascending: those of one rule.</summary>
    public ImmutableArray<int> TakeOfRule()
    {
        ImmutableArray<int> taken = [.. _taken];
        _taken.Clear();
        return taken;
    }

    public WindowPlan Plan() => new(settings, _specs);
}

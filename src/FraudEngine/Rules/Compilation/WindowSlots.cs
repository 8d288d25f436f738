using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>Gives each different window of a rule set its slot in the plan.</summary>
internal sealed class WindowSlots(WindowSettings settings)
{
    private readonly Dictionary<WindowSpec, int> _slots = [];
    private readonly List<WindowSpec> _specs = [];

    public long HorizonTicks => settings.HorizonTicks;

    public int Slot(WindowSpec spec)
    {
        if (!_slots.TryGetValue(spec, out var slot))
        {
            slot = _specs.Count;
            _slots.Add(spec, slot);
            _specs.Add(spec);
        }

        return slot;
    }

    public WindowPlan Plan() => new(settings, _specs);
}

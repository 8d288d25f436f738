using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>Gives each different window of a rule set over one kind of entity its slot in the plan.</summary>
internal sealed class WindowSlots(EntityKind kind, WindowSettings settings)
{
    private readonly Dictionary<WindowSpec, int> _slots = [];
    private readonly List<WindowSpec> _specs = [];
    private readonly SortedSet<int> _asked = [];
    private readonly Dictionary<EventFilter, double> _filters = [];

    public EntityKind Kind => kind;

    /// <summary>How rules name the entity.</summary>
    public string Name => EntityKinds.NameOf(kind);

    public int Count => _specs.Count;

    /// <summary>What it costs to ask all filters whether a transaction passes.</summary>
    public double FilterCost => _filters.Values.Sum();

    public long HorizonTicks => settings.HorizonTicks;

    public int Slot(WindowSpec spec)
    {
        if (!_slots.TryGetValue(spec, out var slot))
        {
            slot = _specs.Count;
            _slots.Add(spec, slot);
            _specs.Add(spec);
        }

        _asked.Add(slot);
        return slot;
    }

    public void AddFilter(EventFilter filter, double cost) => _filters[filter] = cost;

    /// <summary>The windows that were asked for since this was called last.</summary>
    public IReadOnlyList<WindowSpec> TakeAsked()
    {
        WindowSpec[] asked = [.. _asked.Select(slot => _specs[slot])];
        _asked.Clear();
        return asked;
    }

    public WindowPlan Plan() => new(settings, _specs);
}

using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>Gives each different window of a rule set, over whichever kind of entity, its slot in the plans.</summary>
/// <param name="configured">The kinds that have windows, besides the account; null where all have.</param>
internal sealed class EntitySlots(WindowSettings settings, IReadOnlySet<EntityKind>? configured)
{
    private readonly WindowSlots[] _slots = [.. Enumerable.Range(0, EntityKinds.End).Select(kind => new WindowSlots((EntityKind)kind, settings))];

    public WindowSlots this[EntityKind kind] => _slots[(int)kind];

    /// <summary>Different windows, of all kinds together.</summary>
    public int Count => _slots.Sum(static slots => slots.Count);

    /// <summary>What it costs to ask the filters of all kinds whether a transaction passes.</summary>
    public double FilterCost => _slots.Sum(static slots => slots.FilterCost);

    /// <summary>The names of the kinds that may be named, the account's first.</summary>
    public IEnumerable<string> Names => Enumerable.Range((int)EntityKind.Account, EntityKinds.End - 1).Select(static kind => (EntityKind)kind).Where(IsConfigured).Select(EntityKinds.NameOf);

    public bool IsConfigured(EntityKind kind) => kind == EntityKind.Account || configured is null || configured.Contains(kind);

    /// <summary>The windows that were asked for since this was called last.</summary>
    public IEnumerable<EntityWindow> TakeAsked() => [.. _slots.SelectMany(static slots => slots.TakeAsked().Select(spec => new EntityWindow(slots.Kind, spec)))];

    public WindowPlans Plans() => new(kind => this[kind].Plan());
}

using System.Collections.Immutable;

namespace FraudEngine.Windows;

/// <summary>The windows that a rule set needs over one kind of entity. A window's place in <see cref="Specs"/> is its slot.</summary>
public sealed class WindowPlan
{
    public WindowPlan(WindowSettings settings, IEnumerable<WindowSpec> specs)
    {
        Settings = settings;
        Specs = [.. specs.Distinct()];
    }

    public WindowSettings Settings { get; }

    public ImmutableArray<WindowSpec> Specs { get; }
}

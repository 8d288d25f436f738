namespace FraudEngine.Rules.Compilation;

/// <summary>Gives each different named list of a rule set its slot.</summary>
/// <param name="known">The lists that there are; null where that is not known.</param>
internal sealed class ListSlots(IReadOnlySet<string>? known)
{
    private readonly List<string> _names = [];
    private readonly SortedSet<int> _asked = [];

    /// <summary>In the order of their slots.</summary>
    public IReadOnlyList<string> Names => _names;

    public IReadOnlySet<string>? Known => known;

    public int Slot(string name)
    {
        var slot = _names.IndexOf(name);
        if (slot < 0)
        {
            slot = _names.Count;
            _names.Add(name);
        }

        _asked.Add(slot);
        return slot;
    }

    /// <summary>The lists that were asked for since this was called last.</summary>
    public IReadOnlyList<string> TakeAsked()
    {
        string[] asked = [.. _asked.Select(slot => _names[slot])];
        _asked.Clear();
        return asked;
    }
}

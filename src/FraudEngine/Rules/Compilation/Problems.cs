using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>What is wrong with one expression.</summary>
internal sealed class Problems
{
    private readonly List<(Place Place, string Message)> _found = [];
    private readonly HashSet<(Place, string)> _known = [];

    public IReadOnlyList<(Place Place, string Message)> Found => _found;

    /// <summary>Once, though a part of a list may be compiled more than once.</summary>
    public void Add(Place place, string message)
    {
        if (_known.Add((place, message)))
        {
            _found.Add((place, message));
        }
    }

    /// <summary>Adds a problem and stands for the operand that can't be built because of it.</summary>
    public Operand? Reject(Place place, string message)
    {
        Add(place, message);
        return null;
    }
}

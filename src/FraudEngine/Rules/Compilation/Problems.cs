using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>What is wrong with one expression.</summary>
internal sealed class Problems
{
    private readonly List<(Place Place, string Message)> _found = [];

    public IReadOnlyList<(Place Place, string Message)> Found => _found;

    public void Add(Place place, string message) => _found.Add((place, message));

    /// <summary>Adds a problem and stands for the operand that can't be built because of it.</summary>
    public Operand? Reject(Place place, string message)
    {
        Add(place, message);
        return null;
    }
}

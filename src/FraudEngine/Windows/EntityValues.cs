using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>What the windows of the entities say that a transaction names besides its account, by kind. Reusable.</summary>
public sealed class EntityValues
{
    private readonly WindowValues[] _values = new WindowValues[EntityKinds.End];

    public EntityValues()
    {
        foreach (var kind in EntityKinds.Visited)
        {
            _values[(int)kind] = new WindowValues();
        }
    }

    /// <summary>Of a kind other than the account.</summary>
    public WindowValues this[EntityKind kind]
    {
        get => _values[(int)kind];
        set => _values[(int)kind] = value;
    }

    /// <summary>No entity is named.</summary>
    public void SetMissing()
    {
        foreach (var kind in EntityKinds.Visited)
        {
            this[kind].SetMissing();
        }
    }
}

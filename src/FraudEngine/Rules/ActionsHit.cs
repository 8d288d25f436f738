using FraudEngine.Domain;

namespace FraudEngine.Rules;

/// <summary>The actions of the rules that a transaction hit.</summary>
public readonly record struct ActionsHit
{
    private readonly byte _outcomes;

    private ActionsHit(int outcomes) => _outcomes = (byte)outcomes;

    public ActionsHit With(Outcome action) => new(_outcomes | (1 << (int)action));

    public bool Contains(Outcome action) => (_outcomes & (1 << (int)action)) != 0;
}

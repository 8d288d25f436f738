using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Engine.Visiting;

/// <summary>The machines that read entities for the rules in force and, while others come into force, for those before.</summary>
internal sealed class EntityMachines
{
    private Set? _current;
    private Set? _before;

    public EntityMachine For(RulesInForce inForce, EntityKind kind)
    {
        if (_current is null || !_current.Serves(inForce))
        {
            (_current, _before) = (_before is not null && _before.Serves(inForce) ? _before : new Set(inForce), _current);
        }

        return _current.Machine(kind);
    }

    private sealed class Set(RulesInForce inForce)
    {
        private readonly EntityMachine?[] _machines = new EntityMachine?[EntityKinds.End];

        public bool Serves(RulesInForce other) =>
            ReferenceEquals(other, inForce) || (ReferenceEquals(other.Rules, inForce.Rules) && ReferenceEquals(other.Model, inForce.Model));

        public EntityMachine Machine(EntityKind kind) =>
            _machines[(int)kind] ??= new EntityMachine(inForce.Rules.Plans[kind], inForce.ModelPlans[kind]);
    }
}

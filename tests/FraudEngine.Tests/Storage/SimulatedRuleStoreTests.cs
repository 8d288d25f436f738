using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

public sealed class SimulatedRuleStoreTests : RuleStoreContract
{
    private readonly SimulatedStore _store = new();

    private protected override IRuleStore Open() => new SimulatedJournal(_store, isImmediate: true);
}

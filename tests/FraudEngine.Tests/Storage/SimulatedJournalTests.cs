using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

/// <summary>The simulated journal keeps the contract too; else what is tested against it would say nothing.</summary>
public sealed class SimulatedJournalTests : JournalContract
{
    private readonly SimulatedStore _store = new();

    protected override IJournal Open() => new SimulatedJournal(_store, isImmediate: true);
}

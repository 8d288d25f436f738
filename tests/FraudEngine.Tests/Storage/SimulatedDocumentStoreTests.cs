using FraudEngine.Storage;

namespace FraudEngine.Tests.Storage;

public sealed class SimulatedDocumentStoreTests : DocumentStoreContract
{
    private readonly SimulatedStore _store = new();

    private protected override IDocumentStore Open() => new SimulatedJournal(_store, isImmediate: true);
}

public sealed class SimulatedDeliveryStoreTests : DeliveryStoreContract
{
    private readonly SimulatedStore _store = new();

    [Fact]
    public async Task A_lease_goes_with_the_session_of_its_node()
    {
        var (one, other) = (new SharedSimulatedJournal(_store, "n1"), new SharedSimulatedJournal(_store, "n2"));
        var lease = await one.TryLeaseAsync("email");
        Assert.Null(await other.TryLeaseAsync("email"));
        one.BreakSession(isStored: false);
        Assert.True(lease!.Lost.IsCancellationRequested);
        Assert.NotNull(await other.TryLeaseAsync("email"));
        await lease.DisposeAsync();
        Assert.Null(await one.TryLeaseAsync("email"));
    }

    private protected override IDeliveryStore Open() => new SimulatedJournal(_store, isImmediate: true);
}

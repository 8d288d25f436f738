using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Entities;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Engine.Changes;

/// <summary>With each change goes a snapshot, so that what stands for an account outlives the entry that says so, which may be dropped by its age.</summary>
public sealed class ChangeSnapshotTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_is_stored_with_a_snapshot_also_in_the_turn_in_which_its_shard_goes(bool isLeaving)
    {
        var store = new SimulatedStore();
        var rig = new EngineRig(1, store, new EngineSettings { Shards = 1 });
        rig.Submit("a", "t", 0);
        rig.RunAll();
        var held = rig.Hold("a", Outcome.Decline);
        var left = isLeaving ? rig.Engine.HandOverAsync(0) : Task.CompletedTask;
        rig.RunAll();
        rig.RunUntil(Task.WhenAll(held, left));
        Assert.Equal(ChangeResult.Stored, await held);
        Assert.Equal(Outcome.Decline, AccountState.ReadTermsFrom(Assert.Single(store.Snapshots).Value.State).Hold?.Outcome);
    }
}

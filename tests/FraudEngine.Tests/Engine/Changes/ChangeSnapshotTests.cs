using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Engine.Explaining;
using FraudEngine.Entities;
using FraudEngine.Tests.Storage;
using FraudEngine.Windows;

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

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_decision_is_explained_after_its_change_was_dropped_while_that_stands(bool isReleased, bool isExplained)
    {
        const long days = 86_400;
        var store = new SimulatedStore();
        var rig = new EngineRig(1, store, new EngineSettings { Shards = 1 });
        var hold = rig.Hold("a", Outcome.Decline);
        rig.RunAll();
        rig.Submit("a", "t1", 0);
        rig.RunAll();
        rig.Submit("a", "t2", 100 * days);
        rig.RunAll();
        var release = isReleased ? rig.Release("a") : hold;
        rig.RunAll();
        Assert.Equal((ChangeResult.Stored, ChangeResult.Stored), (await hold, await release));
        Assert.Equal(1, store.ByAccount["a"].RemoveAll(static row => row.Sequence == 1));
        using var explainer = new DecisionExplainer(rig.Engine, rig.Journal, rig.Journal, WindowSettings.Default);
        var explaining = explainer.ExplainAsync("a"u8.ToArray(), "t2"u8.ToArray(), CancellationToken.None);
        rig.RunUntil(explaining);
        Assert.Equal(
            isExplained ? "" : "The decision can't be made again. The journal has no entry 1 of the account.",
            string.Join(' ', (await explaining).Explanation!.Differences));
    }
}

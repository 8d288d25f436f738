using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;
using FraudEngine.Storage;
using FraudEngine.Tests.Engine;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Cluster;

/// <summary>What customers say and analysts order counts for the next payment, whatever node it is said to and whatever node owns the account.</summary>
public sealed class ClusterChangeTests(ClusterServers servers) : IClassFixture<ClusterServers>
{
    private const int Shards = 8;

    private static readonly ResponseTerms Terms = new(TimeSpan.FromDays(10).Ticks, Outcome.Decline);

    [ClusterFact]
    public async Task A_response_given_to_any_node_counts_for_the_next_payment_at_any_node()
    {
        var database = await servers.NewDatabaseAsync();
        TestNode[] nodes = [await TestNode.StartAsync("a", database, servers.Rabbit.Url, Shards), await TestNode.StartAsync("b", database, servers.Rabbit.Url, Shards)];
        await Eventually.ThatAsync(() => nodes.Sum(static node => node.Owned) == Shards && nodes.All(static node => node.Owned > 0 && node.Cluster.IsReady), "both nodes had shards");
        for (var shard = 0; shard < Shards; shard++)
        {
            var (account, one, other) = (ShardProbes.AccountOf(shard, Shards), nodes[shard % 2], nodes[(shard + 1) % 2]);
            for (var i = 1; i <= 3; i++)
            {
                Assert.Equal(Outcome.Approve, (await DecideAsync(one, account, i)).Outcome);
            }

            Assert.True((await DecideAsync(other, account, 4)).RaisesFraudAlert);
            Assert.Equal(ChangeResult.Stored, await RespondAsync(one, account, AlertResponse.Confirmed));
            var confirmed = await DecideAsync(other, account, 5);
            Assert.Equal((Outcome.Approve, true), (confirmed.Outcome, confirmed.IsConfirmedPattern));
            Assert.Equal(ChangeResult.AnsweredOtherwise, await RespondAsync(other, account, AlertResponse.Denied));
            Assert.Equal(ChangeResult.Stored, await ChangeAsync(other, engine => engine.HoldAsync(Encoding.UTF8.GetBytes(account), Outcome.Decline, "ann", "odd")));
            Assert.Equal((Outcome.Decline, "ann"), await HoldOfAsync(one, account));
            Assert.Equal((Outcome.Decline, Outcome.Decline), await HeldAsync(one, account, 6));
        }

        // Whoever owns the shards next knows it.
        await nodes[0].LeaveAsync();
        for (var shard = 0; shard < Shards; shard++)
        {
            var account = ShardProbes.AccountOf(shard, Shards);
            Assert.Equal((Outcome.Decline, Outcome.Decline), await HeldAsync(nodes[1], account, 7));
            Assert.Equal(ChangeResult.Unchanged, await RespondAsync(nodes[1], account, AlertResponse.Confirmed));
            Assert.Equal(ChangeResult.Stored, await ChangeAsync(nodes[1], engine => engine.ReleaseAsync(Encoding.UTF8.GetBytes(account), "ann", "")));
            Assert.Equal(Outcome.Approve, (await DecideAsync(nodes[1], account, 8)).Outcome);
            Assert.Equal("released", (await nodes[1].Journal.FindDocumentAsync(DocumentKind.Hold, account))!.Status);
        }

        Assert.Equal(8 * Shards, (await nodes[1].Journal.MeasureAsync()).Transactions);
        await nodes[1].DisposeAsync();
    }

    private static async Task<Decision> DecideAsync(TestNode node, string account, int number)
    {
        var reply = new Reply();
        var envelope = new TransactionEnvelope(reply);
        envelope.Transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes($"t{number}"));
        envelope.Transaction.SetText(TransactionField.AccountId, Encoding.UTF8.GetBytes(account));
        envelope.Transaction.SetText(TransactionField.MerchantId, "m"u8);
        envelope.Transaction.TimestampTicks = EngineRig.TicksAt(number);
        envelope.Transaction.Amount = new Money(10_0000);
        Assert.True(node.Engine.Admission.TryEnter());
        node.Engine.Submit(envelope);
        await reply.Done;
        Assert.Equal(Refusal.None, envelope.Refusal);
        return envelope.Decision;
    }

    private static async Task<(Outcome, Outcome)> HeldAsync(TestNode node, string account, int number)
    {
        var decision = await DecideAsync(node, account, number);
        return (decision.Outcome, decision.Held);
    }

    private static async Task<(Outcome, string)> HoldOfAsync(TestNode node, string account)
    {
        var hold = (await node.Engine.QueryAsync(Encoding.UTF8.GetBytes(account), null))!.Hold!;
        return (hold.Outcome, hold.By);
    }

    private static Task<ChangeResult> RespondAsync(TestNode node, string account, AlertResponse response) =>
        ChangeAsync(node, engine => engine.RespondAsync(Encoding.UTF8.GetBytes(account), "t4"u8.ToArray(), response, "customer", Terms));

    private static Task<ChangeResult> ChangeAsync(TestNode node, Func<DecisionEngine, Task<ChangeResult>> change)
    {
        Assert.True(node.Engine.Admission.TryEnter());
        return change(node.Engine);
    }

    private sealed class Reply : IReplyTo
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _done.Task;

        public void Completed(TransactionEnvelope envelope) => _done.SetResult();
    }
}

using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Storage.Postgres;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

/// <summary>Who may write is who holds the shard, and nobody else, whatever happens to a session.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresLockTests(PostgresFixture server)
{
    private readonly PostgresTestDatabase _database = new(server);

    [PostgresFact]
    public async Task A_shard_is_held_by_one_node_at_a_time()
    {
        await using var one = await _database.OpenAsync("one");
        await using var other = await _database.OpenAsync("other");
        Assert.True(await one.TryTakeAsync(5));
        Assert.True(await one.TryTakeAsync(5));
        Assert.False(await other.TryTakeAsync(5));
        Assert.True(await other.TryTakeAsync(6));
        Assert.Equal([(5, "one"), (6, "other")], (await other.ReadHoldersAsync()).Select(holder => (holder.Shard, holder.Node)));

        await one.ReleaseAsync(5);
        Assert.True(await other.TryTakeAsync(5));
        Assert.False(await one.TryTakeAsync(5));
        Assert.Equal([(5, "other"), (6, "other")], (await one.ReadHoldersAsync()).Select(holder => (holder.Shard, holder.Node)));
    }

    [PostgresFact]
    public async Task Nodes_that_grasp_at_the_same_shards_never_hold_one_together()
    {
        const int shards = 4;
        var holders = new int[shards];
        var taken = 0;
        var journals = new[] { await _database.OpenAsync("a"), await _database.OpenAsync("b"), await _database.OpenAsync("c") };
        await Task.WhenAll(journals.Select(journal => Task.Run(async () =>
        {
            for (var round = 0; round < 60; round++)
            {
                var shard = round % shards;
                if (await journal.TryTakeAsync(shard))
                {
                    Assert.Equal(1, Interlocked.Increment(ref holders[shard]));
                    Interlocked.Increment(ref taken);
                    await journal.ReadHorizonAsync();
                    Interlocked.Decrement(ref holders[shard]);
                    await journal.ReleaseAsync(shard);
                }
            }
        })));
        Assert.True(taken > 60, $"taken only {taken} times");
        foreach (var journal in journals)
        {
            await journal.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task Batches_of_a_shard_that_is_not_held_fail_and_those_submitted_before_a_release_do_not()
    {
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync(), [0]);
        var journal = (PostgresJournal)session.Journal;
        session.Append("a", "t1");
        var before = session.Submit();
        var released = journal.ReleaseAsync(0);
        session.Append("a", "t2");
        var after = session.Submit();
        var taken = journal.TryTakeAsync(0);
        session.Incarnation++;
        session.ForgetAccounts();
        await released;
        Assert.True(await taken);
        await session.UntilFailedAsync(1);
        Assert.Equal((BatchState.Durable, BatchState.Failed), (before.State, after.State));
        Assert.IsType<ShardLostException>(Assert.Single(session.Reasons));

        await session.ContinueAsync(new() { ["a"] = 1 });
        session.Append("a", "t3");
        await session.SubmitAsync();
        Assert.Equal(["t3", "t1"], await session.EntriesAsync("a"));
    }

    [PostgresFact]
    public async Task A_session_that_is_ended_from_outside_loses_its_shards_and_can_take_them_again()
    {
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync("one"), [0, 1]);
        await using var other = await _database.OpenAsync("other");
        var journal = (PostgresJournal)session.Journal;
        var (lost, connected) = (0, 0);
        journal.Lost = () => Interlocked.Increment(ref lost);
        journal.Connected = () => Interlocked.Increment(ref connected);
        session.Append("a", "t1");
        await session.SubmitAsync();

        var holders = await other.ReadHoldersAsync();
        await other.EvictAsync(holders[0]);
        Assert.True(await other.TryTakeAsync(1));
        session.Append("a", "t2");
        session.Submit();
        await session.UntilFailedAsync(1);
        Assert.IsType<ShardLostException>(Assert.Single(session.Reasons));
        await Eventually.ThatAsync(() => Volatile.Read(ref connected) == 1, "there was a session again");
        Assert.Equal((1, true), (Volatile.Read(ref lost), journal.IsConnected));

        // It holds nothing until it takes it; the other one's stays the other's.
        session.Append("b", "t1");
        session.Incarnation++;
        session.Submit();
        await session.UntilFailedAsync(2);
        Assert.True(await journal.TryTakeAsync(0));
        Assert.False(await journal.TryTakeAsync(1));

        // Who the present holder is not is not ended for it.
        await other.EvictAsync(holders[0]);
        session.ForgetAccounts();
        session.Incarnation++;
        await session.ContinueAsync(new() { ["a"] = 1 });
        session.Append("a", "t3");
        await session.SubmitAsync();
        Assert.Equal(["t3", "t1"], await session.EntriesAsync("a"));
    }

    [PostgresFact]
    public async Task An_idle_session_that_is_gone_is_noticed()
    {
        await using var journal = await _database.OpenAsync("one");
        await using var other = await _database.OpenAsync("other");
        var lost = 0;
        journal.Lost = () => Interlocked.Increment(ref lost);
        Assert.True(await journal.TryTakeAsync(3));
        await other.EvictAsync(Assert.Single(await other.ReadHoldersAsync()));
        await Eventually.ThatAsync(() => Volatile.Read(ref lost) == 1, "the loss was noticed");
        await Eventually.ThatAsync(() => journal.IsConnected, "there was a session again");
        Assert.Empty(await other.ReadHoldersAsync());
    }

    [PostgresFact]
    public async Task A_server_process_that_does_not_answer_is_given_up()
    {
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync("one"), [0]);
        var holder = Assert.Single(await ((PostgresJournal)session.Journal).ReadHoldersAsync());
        ServerProcess.Signal(holder.Session, "STOP");
        session.Append("a", "t1");
        session.Submit();
        await session.UntilFailedAsync(1);
        Assert.IsType<ShardLostException>(Assert.Single(session.Reasons));
        ServerProcess.Signal(holder.Session, "CONT");
        await TakeAgainAsync((PostgresJournal)session.Journal, 0);
    }

    [PostgresFact]
    public async Task What_was_reported_durable_is_there_once_and_nothing_twice_however_commits_are_cut_off()
    {
        const int rounds = 25;
        var random = new Random(11);
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync("one"), [0]);
        await using var other = await _database.OpenAsync("other");
        var journal = (PostgresJournal)session.Journal;
        HashSet<string> durable = [];
        for (var round = 0; round < rounds; round++)
        {
            await TakeAgainAsync(journal, 0);
            session.ForgetAccounts();
            session.Incarnation++;
            var stored = (await session.EntriesAsync("a")).Count();
            await session.ContinueAsync(new() { ["a"] = stored });

            var holder = Assert.Single(await other.ReadHoldersAsync());
            var ending = Task.CompletedTask;
            List<(JournalBatch Batch, string Id)> submitted = [];
            var end = random.Next(12);
            for (var i = 0; i < 12; i++)
            {
                session.Append("a", $"t{round}-{i}");
                submitted.Add((session.Submit(), $"t{round}-{i}"));
                ending = i == end ? other.EvictAsync(holder) : ending;
                if (random.Next(3) == 0)
                {
                    await Task.Yield();
                    await other.ReadHorizonAsync();
                }
            }

            await Eventually.ThatAsync(() => submitted.TrueForAll(batch => batch.Batch.State is BatchState.Durable or BatchState.Failed), "all batches had ended");
            await ending;
            durable.UnionWith(submitted.Where(batch => batch.Batch.State == BatchState.Durable).Select(batch => batch.Id));
        }

        var ids = (await session.EntriesAsync("a")).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Subset(ids.ToHashSet(), durable);
        Assert.True(durable.Count is > 0 and < rounds * 12, $"{durable.Count} were durable");
        Assert.Equal(new JournalSize(ids.Count, 1, 0, 0), await journal.MeasureAsync());
        var entries = await journal.ReadEntriesAsync("a"u8.ToArray(), long.MaxValue, 1000);
        Assert.Equal(Enumerable.Range(1, ids.Count).Reverse().Select(i => (long)i), entries.Select(entry => entry.Sequence));
    }

    [PostgresFact]
    public async Task A_batch_that_can_not_be_stored_fails_alone_and_its_session_stays()
    {
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync("one"), [0, 1]);
        var journal = (PostgresJournal)session.Journal;
        var lost = 0;
        journal.Lost = () => Interlocked.Increment(ref lost);
        session.Append("a", "t1");
        await session.SubmitAsync();

        // A stranger to this journal's accounts: the database itself has to refuse it, and with it all that is in one commit with it.
        session.ForgetAccounts();
        session.AppendAt("a", 1, "t2");
        session.Submit();
        session.Shard = 1;
        session.Append("b", "t1");
        await session.SubmitAsync();
        await session.UntilFailedAsync(1);
        Assert.IsNotType<ShardLostException>(Assert.Single(session.Reasons));
        Assert.Equal(0, lost);
        Assert.Equal(["t1"], await session.EntriesAsync("a"));
        Assert.Equal(["t1"], await session.EntriesAsync("b"));
    }

    [PostgresFact]
    public async Task An_index_of_further_entities_is_not_made_while_a_node_holds_shards()
    {
        await using var one = await _database.OpenAsync("one");
        one.IndexEntities(new HashSet<EntityKind> { EntityKind.Terminal, EntityKind.Merchant });
        Assert.True(await one.TryTakeAsync(0));
        await using var other = await _database.OpenAsync("other");
        other.IndexEntities(new HashSet<EntityKind> { EntityKind.Terminal });
        var reason = Assert.Throws<InvalidOperationException>(() => other.IndexEntities(new HashSet<EntityKind> { EntityKind.Device }));
        Assert.Contains("a node holds shards", reason.Message, StringComparison.Ordinal);
        await one.ReleaseAsync(0);
        other.IndexEntities(new HashSet<EntityKind> { EntityKind.Terminal, EntityKind.Device });

        // The one learns it with the next shard that it takes.
        await using var session = await JournalSession.StartAsync(one, [0]);
        session.AppendNaming("a", "t1", (EntityKind.Device, "d"));
        var recovery = session.RecoverEntity(EntityKind.Device, "d");
        await session.ReadAsync();
        Assert.Single(recovery.Rows);
    }

    internal static async Task TakeAgainAsync(PostgresJournal journal, int shard)
    {
        var taking = journal.TryTakeAsync(shard);
        await Eventually.ThatAsync(
            () =>
            {
                if (taking is { IsCompleted: true, Result: false })
                {
                    taking = journal.TryTakeAsync(shard);
                }

                return taking is { IsCompleted: true, Result: true };
            },
            "the shard was taken again");
    }
}

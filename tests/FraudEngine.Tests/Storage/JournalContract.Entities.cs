using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Tests.Servers;
using static FraudEngine.Domain.EntityKind;

namespace FraudEngine.Tests.Storage;

/// <summary>Entries are found by the entities that they name.</summary>
public abstract partial class JournalContract
{
    [ContractFact]
    public async Task An_entity_is_recovered_with_every_entry_that_names_it_in_the_order_of_commits()
    {
        await using (var session = await StartAsync(Terminal, Merchant))
        {
            for (var i = 0; i < 40; i++)
            {
                // Batches of several shards, each with accounts of its own, one terminal that all of them visit, and a merchant of the same name.
                session.Shard = i % 3;
                session.AppendNaming($"a{i % 3}", $"t{i}", (Terminal, "x"), (Merchant, i % 2 == 0 ? "x" : "y"));
                session.AppendNaming($"b{i % 3}", $"t{i}", (Terminal, i % 4 == 0 ? "x" : "z"));
                session.AppendNaming($"b{i % 3}", $"without {i}");
                session.Submit();
            }

            await session.UntilDurableAsync(40);
            session.Label("a0", 1, "t0", isFraud: true, (Terminal, "x"), (Merchant, "x"));
            await session.SubmitAsync();
            await CheckAsync(session);
        }

        await using (var session = await StartAsync(Terminal, Merchant))
        {
            await CheckAsync(session);
        }

        static async Task CheckAsync(JournalSession session)
        {
            var rows = await session.Journal.ScanAsync(0, 1000);
            foreach (var isPatient in (bool[])[false, true])
            {
                var (terminal, merchant) = (session.RecoverEntity(Terminal, "x", isPatient: isPatient), session.RecoverEntity(Merchant, "x", isPatient: isPatient));
                var (quiet, unknown) = (session.RecoverEntity(Terminal, "z", isPatient: isPatient), session.RecoverEntity(Merchant, "z", isPatient: isPatient));
                await session.ReadAsync();
                Assert.Equal((51, 21, 30, 0), (terminal.Rows.Count, merchant.Rows.Count, quiet.Rows.Count, unknown.Rows.Count));
                AssertAre(rows.Where(row => terminal.Rows.Exists(read => read.Position == row.Position)), terminal);
                AssertAre(rows.Where(row => merchant.Rows.Exists(read => read.Position == row.Position)), merchant);
                Assert.Equal(rows[^1].Position, terminal.Rows[^1].Position);
                Assert.Equal(rows[^1].Position, merchant.Rows[^1].Position);
            }
        }
    }

    [ContractFact]
    public async Task What_a_batch_reads_of_an_entity_sees_what_it_writes()
    {
        await using var session = await StartAsync(Device);
        session.AppendNaming("a", "t1", (Device, "d"));
        var recovery = session.RecoverEntity(Device, "d");
        await session.ReadAsync();
        Assert.Equal("a 1", TextOf(recovery));
    }

    [ContractFact]
    public async Task An_entity_is_recovered_from_its_newest_snapshot_and_what_is_behind_it()
    {
        await using (var session = await StartAsync(Terminal))
        {
            session.AppendNaming("a", "t1", (Terminal, "x"));
            session.AppendNaming("a", "t2", (Terminal, "x"));
            session.AppendNaming("b", "t1", (Terminal, "x"));
            var first = await session.SubmitAsync();
            session.EntitySnapshot(Terminal, "x", first.Positions[0], 1, 2);
            await session.SubmitAsync();
            var earlier = session.RecoverEntity(Terminal, "x");
            await session.ReadAsync();
            Assert.Equal([1, 2], earlier.Snapshot);
            Assert.Equal((first.Positions[0], "a 2, b 1"), (earlier.SnapshotPosition, TextOf(earlier)));

            session.EntitySnapshot(Terminal, "x", first.Positions[1], 3);
            session.AppendNaming("b", "t2", (Terminal, "x"));
            await session.SubmitAsync();
        }

        await using (var session = await StartAsync(Terminal))
        {
            var (newest, whole) = (session.RecoverEntity(Terminal, "x"), session.RecoverEntity(Terminal, "x", fromStart: true));
            await session.ReadAsync();
            Assert.Equal([3], newest.Snapshot);
            Assert.Equal("b 1, b 2", TextOf(newest));
            Assert.Empty(whole.Snapshot);
            Assert.Equal(0, whole.SnapshotPosition);
            Assert.Equal("a 1, a 2, b 1, b 2", TextOf(whole));
        }
    }

    [ContractFact]
    public async Task Many_entities_recover_with_one_request()
    {
        const int entities = 2_000;
        await using var session = await StartAsync(Counterparty, Terminal);
        for (var i = 0; i < entities; i++)
        {
            session.AppendNaming($"a{i % 7}", $"t{i}", (Counterparty, $"c{i}"), (Terminal, "busy"));
            session.AppendNaming($"a{i % 7}", $"u{i}", (Counterparty, $"c{(i + 1) % entities}"));
        }

        await session.SubmitAsync();
        var recoveries = Enumerable.Range(0, entities).Select(i => session.RecoverEntity(Counterparty, $"c{i}")).ToList();
        var busy = session.RecoverEntity(Terminal, "busy");
        await session.ReadAsync();
        Assert.All(recoveries, recovery => Assert.Equal(2, recovery.Rows.Count));
        Assert.Equal(entities, busy.Rows.Count);
    }

    [ContractFact]
    public async Task A_batch_that_fails_leaves_nothing_with_the_entities_that_it_names()
    {
        await using var session = await StartAsync(Terminal);
        session.AppendNaming("a", "t1", (Terminal, "x"));
        var stored = await session.SubmitAsync();
        session.AppendAt("b", 1, "t1", entities: [(Terminal, "x"), (Merchant, "x")]);
        session.AppendAt("b", 2, "t2", entities: (Terminal, "new"));
        session.EntitySnapshot(Terminal, "x", stored.Positions[0], 9);
        session.AppendAt("a", 1, "t9");
        session.Submit();
        await session.UntilFailedAsync(1);

        session.Incarnation++;
        session.AppendAt("c", 1, "t1", entities: (Terminal, "other"));
        await session.SubmitAsync();
        var (x, none, other) = (session.RecoverEntity(Terminal, "x"), session.RecoverEntity(Terminal, "new"), session.RecoverEntity(Terminal, "other"));
        await session.ReadAsync();
        Assert.Equal("a 1", TextOf(x));
        Assert.Empty(x.Snapshot);
        Assert.Empty(none.Rows);
        Assert.Equal("c 1", TextOf(other));

        session.AppendAt("c", 2, "t2", entities: (Terminal, "new"));
        await session.SubmitAsync();
        var later = session.RecoverEntity(Terminal, "new");
        await session.ReadAsync();
        Assert.Equal("c 2", TextOf(later));
    }

    [ContractFact]
    public async Task A_snapshot_of_an_entity_that_nothing_names_is_not_kept()
    {
        await using var session = await StartAsync(Terminal);
        session.EntitySnapshot(Terminal, "x", 5, 1);
        session.EntitySnapshot(Merchant, "x", 5, 1);
        await session.SubmitAsync();
        session.AppendNaming("a", "t1", (Terminal, "x"), (Merchant, "x"));
        await session.SubmitAsync();
        var recovery = session.RecoverEntity(Terminal, "x");
        await session.ReadAsync();
        Assert.Empty(recovery.Snapshot);
        Assert.Equal("a 1", TextOf(recovery));
    }

    [ContractFact]
    public async Task An_entity_of_a_kind_that_is_not_indexed_is_said_not_to_be_found()
    {
        await using var session = await StartAsync(Terminal);
        session.AppendNaming("a", "t1", (Terminal, "x"), (Merchant, "x"));
        var (indexed, notIndexed) = (session.RecoverEntity(Terminal, "x"), session.RecoverEntity(Merchant, "x"));
        session.Submit();
        await session.UntilAnsweredAsync(1);
        Assert.IsType<InvalidDataException>(notIndexed.Failure);
        Assert.Null(indexed.Failure);
        Assert.Single(indexed.Rows);
    }

    [ContractFact]
    public async Task A_kind_that_is_indexed_later_is_found_from_the_first_entry_on()
    {
        await using (var session = await StartAsync())
        {
            await FillAsync(session, 0);
        }

        await using (var session = await StartAsync(Terminal))
        {
            await FillAsync(session, 1);
            Assert.Equal(40, await CountAsync(session, Terminal));
        }

        // It stays indexed though nobody says so.
        await using (var session = await StartAsync())
        {
            await FillAsync(session, 2);
        }

        var journal = Open();
        var told = new List<(long Read, long All)>();
        journal.IndexEntities(new HashSet<EntityKind> { Terminal, Merchant }, (read, all) => told.Add((read, all)));
        Assert.Equal((120, 120), told[^1]);
        Assert.All(told, progress => Assert.Equal(120, progress.All));
        await using (var session = await JournalSession.StartAsync(journal))
        {
            await FillAsync(session, 3);
            Assert.Equal(80, await CountAsync(session, Terminal));
            Assert.Equal(80, await CountAsync(session, Merchant));
        }

        journal = Open();
        journal.IndexEntities(new HashSet<EntityKind> { Terminal, Merchant }, (_, _) => Assert.Fail("Both kinds were indexed."));
        await using (var session = await JournalSession.StartAsync(journal))
        {
            Assert.Equal(80, await CountAsync(session, Terminal));
            Assert.Equal(80, await CountAsync(session, Merchant));
        }
    }

    [ContractFact]
    public async Task A_kind_that_is_switched_off_and_on_again_is_found_from_the_first_entry_on()
    {
        await using (var session = await StartAsync(Terminal, Merchant))
        {
            await FillAsync(session, 0);
            var second = (await session.Journal.ScanAsync(0, 2))[1].Position;
            session.EntitySnapshot(Terminal, "x", second, 1);
            session.EntitySnapshot(Merchant, "x", second, 2);
            await session.SubmitAsync();
        }

        await using (var session = await StartAsync(Merchant))
        {
            await FillAsync(session, 1);
            Assert.Equal(39, await CountAsync(session, Merchant));
        }

        await using (var session = await StartAsync(Terminal, Merchant))
        {
            await FillAsync(session, 2);
            var (terminal, merchant) = (session.RecoverEntity(Terminal, "x"), session.RecoverEntity(Merchant, "x"));
            await session.ReadAsync();
            Assert.Empty(terminal.Snapshot);
            Assert.Equal([2], merchant.Snapshot);
            Assert.Equal((60, 59), (terminal.Rows.Count, merchant.Rows.Count));
        }
    }

    [ContractFact]
    public async Task An_index_whose_making_was_broken_off_is_made_again()
    {
        await using (var session = await StartAsync(Merchant))
        {
            await FillAsync(session, 0);
        }

        await using (var journal = Open())
        {
            Assert.Throws<IOException>(() => journal.IndexEntities(new HashSet<EntityKind> { Terminal, Merchant }, (_, _) => throw new IOException("broken off")));
            await using var session = await JournalSession.StartAsync(journal);
            await FillAsync(session, 1);
            Assert.Equal(40, await CountAsync(session, Merchant));
        }

        await using (var session = await StartAsync(Terminal, Merchant))
        {
            await FillAsync(session, 2);
            Assert.Equal(60, await CountAsync(session, Terminal));
            Assert.Equal(60, await CountAsync(session, Merchant));
        }
    }

    /// <summary>40 entries, of which 20 name the terminal x and 20 the merchant x.</summary>
    private static async Task FillAsync(JournalSession session, int life)
    {
        for (var i = 0; i < 20; i++)
        {
            session.AppendNaming($"life {life}", $"t{i}", (Terminal, "x"), (Merchant, $"m{i}"));
            session.AppendNaming($"life {life}", $"u{i}", (Terminal, $"t{i}"), (Merchant, "x"));
            if (i % 8 == 0)
            {
                await session.SubmitAsync();
            }
        }

        await session.SubmitAsync();
    }

    private static async Task<int> CountAsync(JournalSession session, EntityKind kind)
    {
        var recovery = session.RecoverEntity(kind, "x");
        await session.ReadAsync();
        Assert.Equal(recovery.Rows.Select(row => row.Position).Distinct().Order(), recovery.Rows.Select(row => row.Position));
        return recovery.Rows.Count;
    }

    private static string TextOf(EntityRecovery recovery) =>
        string.Join(", ", recovery.Rows.Select(row => $"{Encoding.UTF8.GetString(row.AccountId)} {row.Sequence}"));

    private static void AssertAre(IEnumerable<JournalRow> expected, EntityRecovery recovery) => Assert.Equal(expected.Select(TextOf), recovery.Rows.Select(TextOf));

    private static string TextOf(JournalRow row) => $"{row.Position} {Encoding.UTF8.GetString(row.AccountId)} {row.Sequence} {Convert.ToHexString(row.Bytes)}";
}

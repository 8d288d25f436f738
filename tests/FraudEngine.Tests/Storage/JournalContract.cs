using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

/// <summary>What every journal must do. Each implementation's tests derive from it.</summary>
public abstract partial class JournalContract
{
    /// <summary>Opens the journal of this test, which holds what was stored before in the same test.</summary>
    protected abstract IJournal Open();

    [ContractFact]
    public async Task A_durable_batch_is_there_after_the_journal_is_opened_again()
    {
        await using (var session = await StartAsync())
        {
            session.Append("a", "t1", "t2");
            session.Append("b", "t1");
            await session.SubmitAsync();
        }

        await using (var session = await StartAsync())
        {
            Assert.Equal(new JournalSize(3, 2, 0, 0), await session.Journal.MeasureAsync());
            Assert.Equal(["t2", "t1"], await session.EntriesAsync("a"));
            Assert.Equal(["t1"], await session.EntriesAsync("b"));
            Assert.Empty(await session.EntriesAsync("c"));
        }
    }

    [ContractFact]
    public async Task An_entry_is_read_back_byte_for_byte()
    {
        await using var session = await StartAsync();
        var written = session.Append("a", "t1");
        await session.SubmitAsync();
        var read = Assert.Single(await session.Journal.ReadEntriesAsync("a"u8.ToArray(), long.MaxValue, 10));
        Assert.Equal(1, read.Sequence);
        Assert.Equal(written, read.Bytes);
    }

    [ContractFact]
    public async Task An_entry_is_found_by_its_transaction_id()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1");
        var second = session.Append("a", "t2");
        session.Append("b", "t3");
        await session.SubmitAsync();
        Assert.Equal(second, (await FindAsync("a", "t2"))!.Value.Bytes);
        Assert.Equal(2, (await FindAsync("a", "t2"))!.Value.Sequence);
        Assert.Null(await FindAsync("a", "t3"));
        Assert.Null(await FindAsync("c", "t1"));
        Assert.Null(await session.Journal.FindEntryAsync("a"u8.ToArray(), Hash64.Of("t1"u8), "t1, but other"u8.ToArray()));

        Task<StoredEntry?> FindAsync(string account, string id) =>
            session.Journal.FindEntryAsync(Encoding.UTF8.GetBytes(account), Hash64.Of(Encoding.UTF8.GetBytes(id)), Encoding.UTF8.GetBytes(id));
    }

    [ContractFact]
    public async Task Entries_are_paged_from_the_newest_down()
    {
        await using var session = await StartAsync();
        session.Append("a", [.. Enumerable.Range(1, 25).Select(i => $"t{i}")]);
        await session.SubmitAsync();
        var pages = new List<long>();
        for (var before = long.MaxValue; ;)
        {
            var page = await session.Journal.ReadEntriesAsync("a"u8.ToArray(), before, 10);
            if (page.Count == 0)
            {
                break;
            }

            pages.AddRange(page.Select(entry => entry.Sequence));
            before = page[^1].Sequence;
        }

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => (long)i), pages);
    }

    [ContractFact]
    public async Task Batches_of_a_shard_become_durable_in_order()
    {
        await using var session = await StartAsync();
        var submitted = new List<JournalBatch>();
        for (var i = 0; i < 50; i++)
        {
            session.Append("a", $"t{i}");
            submitted.Add(session.Submit());
        }

        await session.UntilDurableAsync(50);
        Assert.Equal(submitted, session.Durable);
        Assert.Equal(50, (await session.Journal.MeasureAsync()).Transactions);
    }

    [ContractFact]
    public async Task Recovery_gives_the_newest_snapshot_and_every_entry_after_it()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1", "t2", "t3");
        session.Snapshot("a", 2, [1, 2, 3]);
        session.Append("b", "t1");
        await session.SubmitAsync();
        session.Append("a", "t4");
        session.Snapshot("a", 3, [4, 5]);
        await session.SubmitAsync();

        var (a, b, c) = (session.Recover("a"), session.Recover("b"), session.Recover("nobody"));
        await session.ReadAsync();
        Assert.Equal([4, 5], a.Snapshot);
        Assert.Equal([4L], a.Entries.Select(entry => entry.Sequence));
        Assert.Empty(b.Snapshot);
        Assert.Equal([1L], b.Entries.Select(entry => entry.Sequence));
        Assert.Empty(c.Entries);
        Assert.Equal(0, c.Account.Number);
        Assert.NotEqual(0, a.Account.Number);
        Assert.NotEqual(a.Account.Number, b.Account.Number);
    }

    [ContractFact]
    public async Task Recovery_from_the_start_gives_every_entry_and_no_snapshot()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1", "t2", "t3");
        session.Snapshot("a", 2, [1]);
        await session.SubmitAsync();
        var recovery = session.Recover("a", fromStart: true);
        await session.ReadAsync();
        Assert.Empty(recovery.Snapshot);
        Assert.Equal([1L, 2L, 3L], recovery.Entries.Select(entry => entry.Sequence));
    }

    [ContractTheory]
    [InlineData(0, 1)]
    [InlineData(100, 1)]
    [InlineData(101, 1)]
    [InlineData(200, 1)]
    [InlineData(201, 3)]
    [InlineData(300, 3)]
    [InlineData(301, 4)]
    [InlineData(1000, 5)]
    public async Task Recovery_walks_back_to_the_first_entry_that_is_older(long olderThan, long firstSequence)
    {
        await using var session = await StartAsync();

        // The third is late.
        long[] times = [100, 300, 200, 300, 400];
        for (var i = 0; i < times.Length; i++)
        {
            session.AppendAt("a", i + 1, $"t{i + 1}", ticks: times[i]);
        }

        await session.SubmitAsync();
        foreach (var isPatient in (bool[])[false, true])
        {
            var recovery = session.Recover("a", fromStart: true, olderThan, isPatient);
            await session.ReadAsync();
            Assert.Equal(firstSequence, recovery.Entries[0].Sequence);
            Assert.Equal(5, recovery.Entries[^1].Sequence);
        }
    }

    [ContractFact]
    public async Task What_a_batch_reads_sees_what_it_writes()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1");
        var recovery = session.Recover("a");
        var lookup = session.LookUp("a", "t1");
        await session.SubmitAsync();
        await session.UntilAnsweredAsync(1);
        Assert.Single(recovery.Entries);
        Assert.Equal(1, lookup.Found?.Sequence);
    }

    [ContractFact]
    public async Task A_lookup_finds_an_id_of_its_account_only()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1", "t2");
        session.Append("b", "t3");
        await session.SubmitAsync();
        var found = session.LookUp("a", "t2");
        var others = session.LookUp("a", "t3");
        var unknownAccount = session.LookUp("c", "t1");
        await session.ReadAsync();
        Assert.Equal(2, found.Found?.Sequence);
        Assert.Null(others.Found);
        Assert.Null(unknownAccount.Found);
    }

    [ContractFact]
    public async Task A_lookup_tells_ids_of_equal_hash_apart()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1", "t2");
        await session.SubmitAsync();
        var lookup = session.LookUp("a", "t1", hashOf: "t2");
        await session.ReadAsync();
        Assert.Null(lookup.Found);
    }

    [ContractFact]
    public async Task Many_accounts_recover_with_one_request()
    {
        const int accounts = 2_000;
        await using var session = await StartAsync();
        for (var i = 0; i < accounts; i++)
        {
            session.Append($"a{i}", "t1", "t2");
        }

        await session.SubmitAsync();
        var recoveries = Enumerable.Range(0, accounts).Select(i => session.Recover($"a{i}")).ToList();
        await session.ReadAsync();
        Assert.All(recoveries, recovery => Assert.Equal([1L, 2L], recovery.Entries.Select(entry => entry.Sequence)));
    }

    [ContractFact]
    public async Task A_batch_that_breaks_the_key_is_refused_whole_and_so_is_the_rest_of_its_incarnation()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1");
        await session.SubmitAsync();

        session.AppendAt("b", 1, "t1");
        session.AppendAt("a", 1, "t9");
        session.Submit();
        session.AppendAt("b", 1, "t2");
        session.Submit();
        await session.UntilFailedAsync(2);
        Assert.Equal(new JournalSize(1, 1, 0, 0), await session.Journal.MeasureAsync());

        session.Incarnation++;
        session.ForgetAccounts();
        session.AppendAt("b", 1, "t3");
        await session.SubmitAsync();
        Assert.Equal(["t3"], await session.EntriesAsync("b"));
        Assert.Equal(["t1"], await session.EntriesAsync("a"));
    }

    [ContractFact]
    public async Task Another_shards_batches_go_on_after_a_failure()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1");
        await session.SubmitAsync();
        session.AppendAt("a", 1, "t2");
        session.Submit();
        await session.UntilFailedAsync(1);
        session.Shard = 1;
        session.Append("z", "t1");
        await session.SubmitAsync();
        Assert.Equal(["t1"], await session.EntriesAsync("z"));
    }

    [ContractFact]
    public async Task A_batch_that_stores_nothing_does_not_fail_with_the_others()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1");
        await session.SubmitAsync();
        session.AppendAt("a", 1, "t2");
        session.Submit();
        session.Shard = 1;
        var recovery = session.Recover("a");
        session.Submit();
        await session.UntilAnsweredAsync(1);
        Assert.Single(recovery.Entries);
        Assert.Empty(session.Failures);
    }

    [ContractFact]
    public async Task Alerts_stand_in_the_order_of_commits_and_are_found_by_id()
    {
        await using var session = await StartAsync();
        for (var i = 0; i < 10; i++)
        {
            session.Append(i % 2 == 0 ? "a" : "b", alert: true, $"t{i}");
            await session.SubmitAsync();
        }

        session.Append("a", "no alert");
        await session.SubmitAsync();
        var all = await session.Journal.ReadAlertsAsync(null, 0, 100);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"t{i}"), all.Select(alert => alert.Transaction.TextString(TransactionField.TransactionId)));
        var ofB = await session.Journal.ReadAlertsAsync("b"u8.ToArray(), all[2].Position, 2);
        Assert.Equal(["t3", "t5"], ofB.Select(alert => alert.Transaction.TextString(TransactionField.TransactionId)));
        Assert.Equal(all[4].Position, await session.Journal.FindAlertAsync(AlertId.Of(all[4].Transaction)));
        Assert.Null(await session.Journal.FindAlertAsync(new AlertId(1, 2)));
        Assert.Equal(all[9].Position, await session.Journal.NewestAlertAsync());
        Assert.Equal(10, (await session.Journal.MeasureAsync()).Alerts);
    }

    [ContractFact]
    public async Task Positions_of_a_batch_are_those_of_its_alerts()
    {
        await using var session = await StartAsync();
        session.Append("a", alert: true, "t1", "t2");
        var batch = await session.SubmitAsync();
        var alerts = await session.Journal.ReadAlertsAsync(null, 0, 10);
        Assert.Equal(batch.Positions, alerts.Select(alert => alert.Position));
    }

    [ContractFact]
    public async Task Poison_is_recorded()
    {
        await using var session = await StartAsync();
        session.Batch.AddPoison("a"u8.ToArray(), "t"u8.ToArray(), "why");
        await session.SubmitAsync();
        Assert.Equal(1, (await session.Journal.MeasureAsync()).Poison);
    }

    [ContractFact]
    public async Task A_scan_goes_through_all_accounts_in_the_order_of_commits()
    {
        await using var session = await StartAsync();
        var first = session.Append("a", "t1");
        session.Append("b", "t1", "t2");
        var batch = await session.SubmitAsync();
        session.Append("a", "t2");
        await session.SubmitAsync();

        var rows = await session.Journal.ScanAsync(0, 100);
        Assert.Equal(["a 1", "b 1", "b 2", "a 2"], rows.Select(row => $"{Encoding.UTF8.GetString(row.AccountId)} {row.Sequence}"));
        Assert.Equal(batch.Positions, rows.Take(3).Select(row => row.Position));
        Assert.Equal(first, rows[0].Bytes);
        Assert.Equal(rows.Skip(1).Take(2).Select(row => row.Position), (await session.Journal.ScanAsync(rows[0].Position, 2)).Select(row => row.Position));
        Assert.Empty(await session.Journal.ScanAsync(rows[^1].Position, 100));
        Assert.Empty(await session.Journal.ScanAsync(0, 0));
    }

    [ContractFact]
    public async Task A_scan_sees_each_row_once_while_commits_go_on()
    {
        const int batches = 200;
        await using var session = await StartAsync();
        HashSet<string> seen = [];
        var position = 0L;
        var submitted = 0;
        while (seen.Count < batches * 10)
        {
            if (submitted < batches)
            {
                for (var row = 0; row < 10; row++)
                {
                    session.Append($"a{(submitted + row) % 7}", $"t{submitted}");
                }

                session.Submit();
                submitted++;
            }

            // Some pages end inside a batch.
            foreach (var row in await session.Journal.ScanAsync(position, 13))
            {
                Assert.True(row.Position > position);
                position = row.Position;
                Assert.True(seen.Add($"{Encoding.UTF8.GetString(row.AccountId)} {row.Sequence}"));
            }
        }

        await session.UntilDurableAsync(batches);
        Assert.Equal(batches * 10, (await session.Journal.MeasureAsync()).Transactions);
    }

    [ContractFact]
    public async Task A_pinned_setting_keeps_its_first_value()
    {
        await using (var journal = Open())
        {
            Assert.Equal("64", journal.Pin("shards", "64"));
        }

        await using (var journal = Open())
        {
            Assert.Equal("64", journal.Pin("shards", "32"));
        }
    }

    private Task<JournalSession> StartAsync(params EntityKind[] kinds) => JournalSession.StartAsync(Open(), kinds);
}

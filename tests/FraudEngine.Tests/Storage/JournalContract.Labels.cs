using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

/// <summary>Labels are entries of an account's journal.</summary>
public abstract partial class JournalContract
{
    [ContractFact]
    public async Task Labels_stand_among_the_transactions_of_their_account_in_order()
    {
        await using (var session = await StartAsync())
        {
            session.Append("a", "t1", "t2");
            session.Label("a", 1, "t1", isFraud: true);
            session.Append("b", "t1");
            await session.SubmitAsync();
            session.Append("a", "t3");
            session.Label("a", 3, "t3", isFraud: false);
            await session.SubmitAsync();
        }

        await using (var session = await StartAsync())
        {
            var label = session.LabelAt("a", 0, 1, "t1", isFraud: true);
            session.Batch.Clear();
            var entries = await session.Journal.ReadEntriesAsync("a"u8.ToArray(), long.MaxValue, 100);
            Assert.Equal([5L, 4L, 3L, 2L, 1L], entries.Select(entry => entry.Sequence));
            Assert.Equal(label, entries[2].Bytes);

            var recovery = session.Recover("a");
            await session.ReadAsync();
            Assert.Equal([1L, 2L, 3L, 4L, 5L], recovery.Entries.Select(entry => entry.Sequence));
            Assert.Equal(label, recovery.Entries[2].Bytes);

            var rows = await session.Journal.ScanAsync(0, 100);
            Assert.Equal(["a 1", "a 2", "a 3", "b 1", "a 4", "a 5"], rows.Select(row => $"{Encoding.UTF8.GetString(row.AccountId)} {row.Sequence}"));
            Assert.Equal(label, rows[2].Bytes);
        }
    }

    [ContractFact]
    public async Task The_newest_label_of_a_transaction_wins_and_reading_changes_nothing()
    {
        await using (var session = await StartAsync())
        {
            session.Append("a", "t1", "t2", "t3", "t4");
            session.Append("b", "t1");
            session.Label("a", 4, "t4", isFraud: true);
            session.Label("a", 1, "t1", isFraud: true);
            session.Label("a", 2, "t2", isFraud: false);
            session.Label("a", 1, "t1", isFraud: false);
            session.Label("b", 1, "t1", isFraud: true);
            await session.SubmitAsync();
            session.Label("a", 2, "t2", isFraud: true);
            await session.SubmitAsync();
            await CheckAsync(session.Journal);
        }

        await using (var journal = Open())
        {
            await CheckAsync(journal);
        }

        static async Task CheckAsync(IJournal journal)
        {
            for (var reading = 0; reading < 2; reading++)
            {
                Assert.Equal([new(1, false), new(2, true), new(4, true)], await journal.ReadLabelsAsync("a"u8.ToArray(), 0, long.MaxValue));
                Assert.Equal([new(2, true)], await journal.ReadLabelsAsync("a"u8.ToArray(), 2, 4));
                Assert.Equal([new(1, true)], await journal.ReadLabelsAsync("b"u8.ToArray(), 1, 2));
                Assert.Empty(await journal.ReadLabelsAsync("a"u8.ToArray(), 3, 4));
                Assert.Empty(await journal.ReadLabelsAsync("nobody"u8.ToArray(), 0, long.MaxValue));
            }
        }
    }

    [ContractFact]
    public async Task Labels_are_counted_apart_from_transactions()
    {
        await using var session = await StartAsync();
        session.Append("a", alert: true, "t1");
        session.Append("b", "t1");
        session.Label("a", 1, "t1", isFraud: true);
        session.Label("a", 1, "t1", isFraud: false);
        session.Label("b", 1, "t1", isFraud: false);
        await session.SubmitAsync();
        Assert.Equal(new JournalSize(2, 2, 1, 0, 3), await session.Journal.MeasureAsync());
    }

    [ContractFact]
    public async Task A_label_is_not_taken_for_the_transaction_whose_id_it_has()
    {
        await using var session = await StartAsync();
        var transaction = session.Append("a", "t1");
        session.Label("a", 1, "t1", isFraud: true);
        session.Label("a", 1, "t1", isFraud: false);

        // Of a transaction that is not there.
        session.Label("b", 7, "t7", isFraud: true);
        await session.SubmitAsync();
        var found = session.LookUp("a", "t1");
        var notFound = session.LookUp("b", "t7", withLabel: true);
        await session.ReadAsync();
        Assert.Equal(1, found.Found?.Sequence);
        Assert.Equal(transaction, found.Found?.Bytes);
        Assert.Null(notFound.Found);
        Assert.Null(notFound.IsFraud);
        Assert.Equal(transaction, (await session.Journal.FindEntryAsync("a"u8.ToArray(), Hash64.Of("t1"u8), "t1"u8.ToArray()))?.Bytes);
        Assert.Null(await session.Journal.FindEntryAsync("b"u8.ToArray(), Hash64.Of("t7"u8), "t7"u8.ToArray()));
    }

    [ContractFact]
    public async Task A_lookup_tells_the_newest_label_where_it_is_asked()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1", "t2", "t3");
        session.Label("a", 1, "t1", isFraud: true);
        session.Label("a", 2, "t2", isFraud: true);
        session.Label("a", 2, "t2", isFraud: false);
        var (fraud, honest) = (session.LookUp("a", "t1", withLabel: true), session.LookUp("a", "t2", withLabel: true));
        var (unlabelled, notAsked) = (session.LookUp("a", "t3", withLabel: true), session.LookUp("a", "t1"));
        await session.ReadAsync();
        Assert.Equal([true, false, null, null], new[] { fraud, honest, unlabelled, notAsked }.Select(lookup => lookup.IsFraud));
        Assert.Equal([1L, 2L, 3L, 1L], new[] { fraud, honest, unlabelled, notAsked }.Select(lookup => lookup.Found!.Value.Sequence));
    }

    [ContractFact]
    public async Task A_recovery_does_not_stop_at_the_label_of_an_old_transaction()
    {
        await using var session = await StartAsync();
        session.AppendAt("a", 1, "t1", ticks: 100);
        session.AppendAt("a", 2, "t2", ticks: 300);

        // Its event time is 0.
        session.LabelAt("a", 3, 1, "t1", isFraud: true);
        session.AppendAt("a", 4, "t3", ticks: 400);
        await session.SubmitAsync();
        foreach (var (olderThan, first) in ((long, long)[])[(301, 2), (401, 4), (200, 1)])
        {
            var recovery = session.Recover("a", fromStart: true, olderThan);
            await session.ReadAsync();
            Assert.Equal(first, recovery.Entries[0].Sequence);
            Assert.Equal(4, recovery.Entries[^1].Sequence);
        }
    }

    [ContractFact]
    public async Task A_batch_that_fails_leaves_no_label()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1");
        session.Label("a", 1, "t1", isFraud: false);
        await session.SubmitAsync();
        session.LabelAt("a", 3, 1, "t1", isFraud: true);
        session.AppendAt("a", 3, "t2");
        session.Submit();
        await session.UntilFailedAsync(1);
        Assert.Equal([new(1, false)], await session.Journal.ReadLabelsAsync("a"u8.ToArray(), 0, long.MaxValue));
        Assert.Equal(new JournalSize(1, 1, 0, 0, 1), await session.Journal.MeasureAsync());
    }
}

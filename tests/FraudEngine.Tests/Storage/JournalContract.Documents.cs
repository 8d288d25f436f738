using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

/// <summary>Documents are stored with a batch; changes are entries of an account's journal; an alert tells when it was stored.</summary>
public abstract partial class JournalContract
{
    [ContractFact]
    public async Task Documents_of_a_batch_are_there_with_it()
    {
        await using (var session = await StartAsync())
        {
            session.Append("a", "t1");
            session.Batch.AddDocument(NewCase("c1", 1), DocumentWrite.Replace);
            session.Batch.AddDocument(NewCase("c2", 2), DocumentWrite.Keep);
            await session.SubmitAsync();

            // Nothing else is stored.
            session.Batch.AddDocument(NewCase("c3", 3), DocumentWrite.Replace);
            await session.SubmitAsync();
        }

        await using (var session = await StartAsync())
        {
            Assert.Equal("c1 5 v1 01", await CaseAsync(session, "c1"));
            Assert.Equal("c2 5 v1 02", await CaseAsync(session, "c2"));
            Assert.Equal("c3 5 v1 03", await CaseAsync(session, "c3"));
        }
    }

    [ContractFact]
    public async Task A_batch_that_fails_leaves_no_document()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1");
        session.Batch.AddDocument(NewCase("kept", 1), DocumentWrite.Replace);
        await session.SubmitAsync();
        session.Batch.AddDocument(NewCase("kept", 2), DocumentWrite.Replace);
        session.Batch.AddDocument(NewCase("new", 2), DocumentWrite.Keep);
        session.AppendAt("a", 1, "t2");
        session.Submit();
        await session.UntilFailedAsync(1);
        Assert.Equal("kept 5 v1 01", await CaseAsync(session, "kept"));
        Assert.Null(await CaseAsync(session, "new"));
    }

    [ContractFact]
    public async Task Replacing_raises_the_version_and_keeping_changes_nothing()
    {
        await using var session = await StartAsync();
        session.Batch.AddDocument(NewCase("c", 1), DocumentWrite.Keep);
        session.Batch.AddDocument(NewCase("c", 2), DocumentWrite.Keep);
        await session.SubmitAsync();
        Assert.Equal("c 5 v1 01", await CaseAsync(session, "c"));

        session.Batch.AddDocument(NewCase("c", 3) with { CreatedTicks = 77 }, DocumentWrite.Replace);
        session.Batch.AddDocument(NewCase("c", 4), DocumentWrite.Keep);
        await session.SubmitAsync();
        Assert.Equal("c 5 v2 03", await CaseAsync(session, "c"));

        session.Batch.AddDocument(NewCase("c", 5), DocumentWrite.Replace);
        session.Batch.AddDocument(NewCase("c", 6), DocumentWrite.Replace);
        session.Batch.AddDocument(NewCase("n", 1), DocumentWrite.Keep);
        session.Batch.AddDocument(NewCase("n", 2) with { CreatedTicks = 88 }, DocumentWrite.Replace);
        session.Batch.AddDocument(NewCase("n", 3), DocumentWrite.Keep);
        await session.SubmitAsync();
        Assert.Equal("c 5 v4 06", await CaseAsync(session, "c"));
        Assert.Equal("n 5 v2 02", await CaseAsync(session, "n"));

        Assert.True(await session.Journal.TryWriteDocumentAsync(NewCase("c", 7), 4));
        session.Batch.AddDocument(NewCase("c", 8), DocumentWrite.Replace);
        await session.SubmitAsync();
        Assert.Equal("c 5 v6 08", await CaseAsync(session, "c"));
    }

    [ContractFact]
    public async Task Of_batches_that_are_stored_together_the_later_ones_document_counts()
    {
        await using var session = await StartAsync();
        for (var i = 0; i < 200; i++)
        {
            session.Shard = i % 3;
            session.Append($"a{i % 3}", $"t{i}");
            session.Batch.AddDocument(NewCase($"c{i % 3}", (byte)i), DocumentWrite.Replace);
            session.Batch.AddDocument(NewCase("first", (byte)i), DocumentWrite.Keep);
            session.Submit();
        }

        await session.UntilDurableAsync(200);
        Assert.Equal("c0 5 v67 C6", await CaseAsync(session, "c0"));
        Assert.Equal("c1 5 v67 C7", await CaseAsync(session, "c1"));
        Assert.Equal("c2 5 v66 C5", await CaseAsync(session, "c2"));
        Assert.Equal("first 5 v1 00", await CaseAsync(session, "first"));
    }

    [ContractFact]
    public async Task A_lookup_gives_the_document_that_was_asked_for_with_it()
    {
        await using var session = await StartAsync();
        session.Append("a", "t1");
        session.Batch.AddDocument(NewCase("mine", 1), DocumentWrite.Replace);
        var own = session.LookUp("a", "t1", withCase: "mine");
        var notThere = session.LookUp("a", "t1", withCase: "nobody's");
        var notAsked = session.LookUp("a", "t1");
        var noTransaction = session.LookUp("b", "t1", withCase: "mine");
        await session.ReadAsync();
        Assert.Equal([1L, 1L, 1L, null], new[] { own, notThere, notAsked, noTransaction }.Select(lookup => lookup.Found?.Sequence));
        Assert.Equal([1L, null, null, 1L], new[] { own, notThere, notAsked, noTransaction }.Select(lookup => lookup.Document?.Version));

        // What was durable before it was asked for is seen.
        Assert.True(await session.Journal.TryWriteDocumentAsync(NewCase("mine", 2), 1));
        var again = session.LookUp("a", "t1", withCase: "mine");
        await session.ReadAsync();
        Assert.Equal(DocumentStoreContract.Text(NewCase("mine", 2) with { Version = 2 }), DocumentStoreContract.Text(again.Document));
    }

    [ContractFact]
    public async Task Changes_stand_among_the_entries_of_their_account_and_count_as_nothing_else()
    {
        byte[] change;
        await using (var session = await StartAsync(EntityKind.Terminal))
        {
            session.AppendNaming("a", "t1", (EntityKind.Terminal, "x"));
            change = session.Change("a", 7);
            session.AppendNaming("a", "t2", (EntityKind.Terminal, "x"));
            session.Label("a", 1, "t1", isFraud: true, (EntityKind.Terminal, "x"));
            session.Change("b", 8);
            await session.SubmitAsync();
        }

        await using (var session = await StartAsync(EntityKind.Terminal))
        {
            var entries = await session.Journal.ReadEntriesAsync("a"u8.ToArray(), long.MaxValue, 100);
            Assert.Equal([4L, 3L, 2L, 1L], entries.Select(entry => entry.Sequence));
            Assert.Equal(change, entries[2].Bytes);
            var rows = await session.Journal.ScanAsync(0, 100);
            Assert.Equal(["a 1", "a 2", "a 3", "a 4", "b 1"], rows.Select(row => $"{Encoding.UTF8.GetString(row.AccountId)} {row.Sequence}"));
            Assert.Equal(change, rows[1].Bytes);
            Assert.Equal(new JournalSize(2, 2, 0, 0, 1), await session.Journal.MeasureAsync());

            var (a, b, terminal) = (session.Recover("a"), session.Recover("b"), session.RecoverEntity(EntityKind.Terminal, "x"));
            await session.ReadAsync();
            Assert.Equal([1L, 2L, 3L, 4L], a.Entries.Select(entry => entry.Sequence));
            Assert.Equal(change, a.Entries[1].Bytes);
            Assert.Equal([1L], b.Entries.Select(entry => entry.Sequence));
            Assert.Equal([1L, 3L, 4L], terminal.Rows.Select(row => row.Sequence));
        }

        // The kinds that are added now are found by reading all entries again.
        await using (var session = await StartAsync(EntityKind.Terminal, EntityKind.Device))
        {
            var terminal = session.RecoverEntity(EntityKind.Terminal, "x");
            await session.ReadAsync();
            Assert.Equal([1L, 3L, 4L], terminal.Rows.Select(row => row.Sequence));
        }
    }

    [ContractFact]
    public async Task A_change_is_never_found_as_a_transaction()
    {
        await using var session = await StartAsync();
        session.Change("a", 1);
        session.Append("a", "t1");
        session.Change("a", 2);
        await session.SubmitAsync();
        var account = "a"u8.ToArray();

        // The hash of a change is 0, which a transaction's may be as well.
        session.Batch.Reads = new JournalReads();
        var lookup = new Lookup(new AccountRef(account), 0, [130]);
        session.Batch.Reads.Lookups.Add(lookup);
        var found = session.LookUp("a", "t1");
        await session.ReadAsync();
        Assert.Null(lookup.Found);
        Assert.Equal(2, found.Found?.Sequence);
        Assert.Null(await session.Journal.FindEntryAsync(account, 0, [130]));
        Assert.Equal(2, (await session.Journal.FindEntryAsync(account, Hash64.Of("t1"u8), "t1"u8.ToArray()))?.Sequence);
    }

    [ContractFact]
    public async Task A_recovery_does_not_stop_at_a_change()
    {
        await using var session = await StartAsync();
        session.AppendAt("a", 1, "t1", ticks: 100);
        session.ChangeAt("a", 2, 0);
        session.AppendAt("a", 3, "t2", ticks: 300);
        session.ChangeAt("a", 4, 0);
        session.Snapshot("a", 1, [9]);
        await session.SubmitAsync();
        foreach (var (olderThan, first) in ((long, long)[])[(301, 3), (200, 1), (1, 1)])
        {
            var recovery = session.Recover("a", fromStart: true, olderThan);
            await session.ReadAsync();
            Assert.Equal(first, recovery.Entries[0].Sequence);
            Assert.Equal(4, recovery.Entries[^1].Sequence);
        }

        var behind = session.Recover("a");
        await session.ReadAsync();
        Assert.Equal([9], behind.Snapshot);
        Assert.Equal([2L, 3L, 4L], behind.Entries.Select(entry => entry.Sequence));
    }

    [ContractFact]
    public async Task An_alert_is_read_by_its_id_and_tells_when_it_was_stored()
    {
        await using var session = await StartAsync();
        session.Append("a", alert: true, "t1", "t2");
        session.Append("b", alert: true, "t1");
        await session.SubmitAsync();
        var all = await session.Journal.ReadAlertsAsync(null, 0, 10);
        Assert.Equal(3, all.Count);
        foreach (var alert in all)
        {
            // The server's clock may be another.
            Assert.InRange(alert.CommittedTicks, DateTime.UtcNow.AddMinutes(-5).Ticks, DateTime.UtcNow.AddMinutes(5).Ticks);
            var read = await session.Journal.ReadAlertAsync(AlertId.Of(alert.Transaction));
            Assert.Equal((alert.Position, alert.CommittedTicks), (read!.Position, read.CommittedTicks));
            Assert.Equal(AlertId.Of(alert.Transaction), AlertId.Of(read.Transaction));
        }

        Assert.Single(all.Select(alert => alert.CommittedTicks).Distinct());
        Assert.Null(await session.Journal.ReadAlertAsync(new AlertId(1, 2)));
    }

    private static Document NewCase(string key, byte body) => DocumentStoreContract.New(key) with { Body = [body] };

    private static async Task<string?> CaseAsync(JournalSession session, string key) => await session.Journal.FindDocumentAsync(DocumentKind.Case, key) is { } document
        ? $"{document.Key} {document.CreatedTicks} v{document.Version} {Convert.ToHexString(document.Body)}"
        : null;
}

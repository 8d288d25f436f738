using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Storage.Postgres;
using FraudEngine.Tests.Servers;
using Npgsql;

namespace FraudEngine.Tests.Storage;

/// <summary>Several nodes commit at once; who reads by position sees everything once.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresPagingTests(PostgresFixture server)
{
    private const int Nodes = 3;
    private const int Batches = 100;

    private readonly PostgresTestDatabase _database = new(server);

    [PostgresTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whoever_goes_on_from_a_position_sees_each_row_alert_and_naming_once_while_nodes_commit(int seed)
    {
        await using var reader = await _database.OpenAsync("reader");
        reader.Pin("shards", "8");
        reader.IndexEntities(new HashSet<EntityKind> { EntityKind.Terminal, EntityKind.Device });
        var writers = Enumerable.Range(0, Nodes).Select(node => Task.Run(() => WriteAsync(node, new Random((seed * 10) + node)))).ToArray();
        using var ended = new CancellationTokenSource();
        var strangers = Task.Run(() => HoldHorizonBackAsync(new Random(seed), ended.Token));
        var written = Task.WhenAll(writers);

        var rows = PageAsync(written, async after => [.. (await reader.ScanAsync(after, 37)).Select(row => (row.Position, TextOf(row)))]);
        var alerts = PageAsync(written, async after => [.. (await reader.ReadAlertsAsync(null, after, 11)).Select(alert => (alert.Position, TextOf(alert.Transaction)))]);
        var names = FollowAsync(written, reader);
        var expected = (await written).SelectMany(node => node).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(expected, (await rows).Order(StringComparer.Ordinal));
        Assert.Equal(expected, (await alerts).Order(StringComparer.Ordinal));
        Assert.Equal(expected.SelectMany(row => new[] { $"{row} D", $"{row} T" }).Order(StringComparer.Ordinal), (await names).Order(StringComparer.Ordinal));
        await ended.CancelAsync();
        await strangers;
    }

    [PostgresFact]
    public async Task More_entries_than_a_commit_has_positions_are_refused()
    {
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync(), [0]);
        session.Append("a", [.. Enumerable.Range(0, (1 << 16) + 1).Select(static i => $"t{i}")]);
        session.Submit();
        await session.UntilFailedAsync(1);
        Assert.Empty(await session.EntriesAsync("a"));
    }

    [PostgresFact]
    public async Task An_alert_is_there_for_every_node_as_soon_as_its_transaction_is_answered()
    {
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync("one"), [0]);
        await using var other = await _database.OpenAsync("other");
        using var ended = new CancellationTokenSource();
        var strangers = Task.Run(() => HoldHorizonBackAsync(new Random(3), ended.Token));
        for (var i = 1; i <= 100; i++)
        {
            session.Append("a", alert: true, $"t{i}");
            var batch = await session.SubmitAsync();
            Assert.Equal(batch.Positions[0], await other.NewestAlertAsync());
            Assert.Equal(batch.Positions[0], Assert.Single(await other.ReadAlertsAsync(null, batch.Positions[0] - 1, 10)).Position);
        }

        await ended.CancelAsync();
        await strangers;
    }

    [PostgresFact]
    public async Task A_transaction_that_does_not_end_holds_up_no_reader_for_long()
    {
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync("one"), [0]);
        session.Append("a", alert: true, "t1");
        var first = await session.SubmitAsync();
        await using var stranger = new NpgsqlConnection(await _database.ConnectionStringAsync());
        await stranger.OpenAsync();
        await using var transaction = await stranger.BeginTransactionAsync();
        await stranger.ScalarAsync("SELECT pg_current_xact_id()::text");
        session.Append("a", alert: true, "t2");
        var second = await session.SubmitAsync();
        Assert.Equal(first.Positions[0], await session.Journal.NewestAlertAsync());
        Assert.Single(await session.Journal.ScanAsync(0, 10));
        await transaction.RollbackAsync();
        Assert.Equal(second.Positions[0], await session.Journal.NewestAlertAsync());
    }

    [PostgresFact]
    public async Task A_page_of_namings_never_parts_an_entry_from_its_own()
    {
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync("one"), [0], EntityKind.Terminal, EntityKind.Device);
        for (var i = 0; i < 10; i++)
        {
            session.AppendNaming("a", $"t{i}", (EntityKind.Terminal, "x"), (EntityKind.Device, $"d{i}"));
        }

        await session.SubmitAsync();
        var journal = (PostgresJournal)session.Journal;
        HashSet<string> seen = [];
        for (long after = 0, before = -1; after > before;)
        {
            before = after;
            var page = await journal.ReadEntityRowsAsync([0], after, 5);
            seen.UnionWith(page.Rows.Select(row => $"{row.Row.Sequence} {row.Key[0]}"));
            after = page.Rows.Count > 0 ? page.Horizon : after;
        }

        Assert.Equal(20, seen.Count);
        Assert.Empty((await journal.ReadEntityRowsAsync([], 0, 5)).Rows);
    }

    private static string TextOf(JournalRow row) => $"{Encoding.UTF8.GetString(row.AccountId)} {row.Sequence}";

    private static string TextOf(Transaction transaction) =>
        $"{transaction.TextString(TransactionField.AccountId)} {transaction.TextString(TransactionField.TransactionId)}";

    private static async Task<List<string>> PageAsync(Task written, Func<long, Task<List<(long Position, string Text)>>> read)
    {
        var seen = new List<string>();
        var position = 0L;
        while (true)
        {
            var isLast = written.IsCompleted;
            var page = await read(position);
            foreach (var (at, text) in page)
            {
                Assert.True(at > position);
                position = at;
                seen.Add(text);
            }

            if (isLast && page.Count == 0)
            {
                return seen;
            }
        }
    }

    private static async Task<HashSet<string>> FollowAsync(Task written, PostgresJournal reader)
    {
        const int Page = 50;
        HashSet<string> seen = [];
        var after = 0L;
        while (true)
        {
            var isLast = written.IsCompleted;
            var page = await reader.ReadEntityRowsAsync([0, 1, 2, 3, 4, 5, 6, 7], after, Page);
            var isNew = false;
            foreach (var (key, row) in page.Rows)
            {
                Assert.True(row.Position > after);
                isNew |= seen.Add($"{TextOf(row)} {(EntityKey.KindOf(key) == EntityKind.Terminal ? 'T' : 'D')}");
            }

            Assert.True(page.Horizon >= after || page.Rows.Count == 0);
            after = Math.Max(after, page.Horizon);

            // A full page without anything new says that a stranger holds the horizon back: what is behind it comes when that has ended.
            if (isLast && !isNew && page.Rows.Count < Page)
            {
                return seen;
            }
        }
    }

    /// <summary>Returns what it has stored; each account's transactions have their sequence number as id.</summary>
    private async Task<List<string>> WriteAsync(int node, Random random)
    {
        List<string> written = [];
        var sequences = new long[5];
        await using var session = await JournalSession.StartAsync(await _database.OpenAsync($"node {node}"), [node]);
        session.Shard = node;
        for (var batch = 0; batch < Batches; batch++)
        {
            for (var count = random.Next(1, 12); count > 0; count--)
            {
                var account = random.Next(sequences.Length);
                var sequence = ++sequences[account];
                session.AppendAt($"{node}-{account}", sequence, $"{sequence}", alert: true, entities: [(EntityKind.Terminal, $"t{random.Next(20)}"), (EntityKind.Device, $"d{random.Next(3)}")]);
                written.Add($"{node}-{account} {sequence}");
            }

            session.Submit();
            if (random.Next(3) == 0)
            {
                await session.UntilDurableAsync(batch + 1);
            }
        }

        await session.UntilDurableAsync(Batches);
        return written;
    }

    /// <summary>Transactions of others, which begin and end when they like.</summary>
    private async Task HoldHorizonBackAsync(Random random, CancellationToken ended)
    {
        await using var connection = new NpgsqlConnection(await _database.ConnectionStringAsync());
        await connection.OpenAsync(CancellationToken.None);
        while (!ended.IsCancellationRequested)
        {
            await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
            await connection.ScalarAsync($"SELECT pg_current_xact_id()::text, pg_sleep({random.Next(20)} / 1000.0)");
            await transaction.RollbackAsync(CancellationToken.None);
        }
    }
}

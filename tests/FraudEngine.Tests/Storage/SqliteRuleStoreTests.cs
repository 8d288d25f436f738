using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

public sealed class SqliteRuleStoreTests : RuleStoreContract, IDisposable
{
    // As an engine of schema version 1 has left it.
    internal const string SchemaOne = """
        CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE rule_sets (number INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, source TEXT NOT NULL, reasons TEXT NOT NULL);
        CREATE TABLE accounts (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
        CREATE TABLE journal (position INTEGER PRIMARY KEY, account INTEGER NOT NULL, sequence INTEGER NOT NULL, id_hash INTEGER NOT NULL, entry BLOB NOT NULL);
        CREATE TABLE segments (account INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, rows BLOB NOT NULL, PRIMARY KEY (account, first)) WITHOUT ROWID;
        CREATE TABLE snapshots (account INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, state BLOB NOT NULL);
        CREATE TABLE alerts (position INTEGER PRIMARY KEY, account INTEGER NOT NULL, id BLOB NOT NULL UNIQUE);
        CREATE INDEX alerts_account ON alerts (account, position);
        CREATE TABLE poison (number INTEGER PRIMARY KEY, account_id BLOB NOT NULL, transaction_id BLOB NOT NULL, reason TEXT NOT NULL);
        INSERT INTO settings VALUES ('shards', '64');
        INSERT INTO rule_sets VALUES (1, 'card-default', 1, 'the text', '[{"Rule":"x","Text":"why","IsAgainst":true}]');
        INSERT INTO accounts VALUES (1, CAST('a' AS BLOB));
        INSERT INTO journal VALUES (1, 1, 1, 7, x'00');
        PRAGMA user_version = 1;
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_journal_of_the_schema_before_lists_is_taken_over_with_all_that_it_holds()
    {
        Execute(SchemaOne);
        await InAsync(async store =>
        {
            Assert.Equal([new StoredRuleSet(1, "card-default", 1, "the text")], await store.ReadRuleSetsAsync());
            Assert.Equal("64", await store.ReadSettingAsync("shards"));

            // It was in force, so nothing else may take its version.
            var change = Assert.Single(await store.ReadChangesAsync());
            Assert.Equal((1, "start"), (change.Number, change.Cause));
            Assert.InRange(change.AtTicks, DateTime.UtcNow.AddMinutes(-5).Ticks, DateTime.UtcNow.AddMinutes(5).Ticks);
            Assert.Equal(1, await store.ChangeListAsync("l", "http", [new("x", 1)]));
            Assert.Equal(2, await store.RegisterAsync("card-default", 2, "", []));
            Assert.Equal(1, (await ((IJournal)store).MeasureAsync()).Transactions);
            Assert.Equal([1L], (await ((IJournal)store).ScanAsync(0, 10)).Select(row => row.Position));
        });

        await InAsync(async store => Assert.Equal("1: l(http 1): x@1", Text(await store.ReadListsAsync())));
    }

    [Fact]
    public async Task A_change_that_a_crash_has_cut_off_counts_for_nothing()
    {
        await InAsync(async store => await store.ChangeListAsync("l", "http", [new("kept", 1), new("too", 2)]));

        // What the first commit of a large change writes.
        Execute(
            """
            INSERT INTO list_versions VALUES (2, 1, 'file', 0);
            INSERT INTO list_entries VALUES (1, 'half', 2, 9223372036854775807, 3);
            UPDATE list_entries SET removed = 2 WHERE text = 'kept';
            """);
        await InAsync(async store =>
        {
            Assert.Equal("1: l(http 1): kept@1 too@2", Text(await store.ReadListsAsync()));
            Assert.Equal(["kept", "too"], (await store.ReadListAsync("l", null, 10)).Select(entry => entry.Text));
            Assert.Equal(2, await store.ChangeListAsync("l", "http", [new("new", 4)]));
            Assert.Equal("2: l(http 2): kept@1 new@4 too@2", Text(await store.ReadListsAsync()));
        });
    }

    [Fact]
    public async Task Transactions_are_stored_while_a_large_list_is()
    {
        await using var session = await JournalSession.StartAsync((IJournal)Open());
        var store = (IRuleStore)session.Journal;
        var change = store.ChangeListAsync("large", "http", [.. Enumerable.Range(0, 100_000).Select(i => new StoredListEntry($"M-{i}", i))]);
        var stored = 0;
        while (!change.IsCompleted)
        {
            session.Append("a", $"t{stored}");
            await session.SubmitAsync();
            stored++;
        }

        Assert.Equal(1, await change);
        Assert.True(stored >= 10, $"only {stored} transactions were stored meanwhile");
    }

    [Fact]
    public async Task A_page_of_the_journal_is_read_by_its_position_and_nothing_else()
    {
        await InAsync(static _ => Task.CompletedTask);
        using var connection = new SqliteConnection(Path.Combine(_folder.PathOf("data"), "journal.db"));
        using var plan = connection.Prepare("EXPLAIN QUERY PLAN " + SqliteScanner.ScanSql);
        List<string> steps = [];
        while (plan.Step())
        {
            steps.Add(plan.Text(3));
        }

        // SQLite words the rest of a step differently from version to version.
        Assert.Equal(2, steps.Count);
        Assert.EndsWith("USING INTEGER PRIMARY KEY (rowid>?)", steps[0], StringComparison.Ordinal);
        Assert.EndsWith("USING INTEGER PRIMARY KEY (rowid=?)", steps[1], StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private protected override IRuleStore Open() => new SqliteJournal(_folder.PathOf("data"));

    private void Execute(string sql)
    {
        Directory.CreateDirectory(_folder.PathOf("data"));
        using var connection = new SqliteConnection(Path.Combine(_folder.PathOf("data"), "journal.db"));
        connection.Execute(sql);
    }
}

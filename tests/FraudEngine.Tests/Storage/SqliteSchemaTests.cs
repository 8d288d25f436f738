using System.Buffers;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

/// <summary>Journals of earlier versions, and damaged ones, as entities, labels and models find them.</summary>
public sealed class SqliteSchemaTests : IDisposable
{
    // The step to schema version 2 as it was, and what an engine of that version may have left.
    private const string StepTwo = """
        CREATE TABLE rule_changes (number INTEGER PRIMARY KEY, rule_set INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL);
        INSERT INTO rule_changes SELECT number, number, CAST((julianday('now') - 1721425.5) * 864000000000 AS INTEGER), 'start' FROM rule_sets ORDER BY number;
        CREATE TABLE lists (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE list_versions (version INTEGER PRIMARY KEY, list INTEGER NOT NULL, owner TEXT NOT NULL, is_whole INTEGER NOT NULL);
        CREATE TABLE list_entries (
            list INTEGER NOT NULL, text TEXT NOT NULL, added INTEGER NOT NULL, removed INTEGER NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (list, text, added))
            WITHOUT ROWID;
        CREATE TABLE shadows (name TEXT PRIMARY KEY, rule_set INTEGER NOT NULL, after_position INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO shadows VALUES ('s', 1, 2, 3);
        PRAGMA user_version = 2;
        """;

    // And that to schema version 3.
    private const string StepThree = """
        CREATE TABLE labels (account INTEGER NOT NULL, sequence INTEGER NOT NULL, is_fraud INTEGER NOT NULL, events INTEGER NOT NULL, PRIMARY KEY (account, sequence))
            WITHOUT ROWID;
        CREATE TABLE entities (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE);
        CREATE TABLE entity_segments (entity INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, rows BLOB NOT NULL, PRIMARY KEY (entity, first))
            WITHOUT ROWID;
        CREATE TABLE entity_snapshots (entity INTEGER PRIMARY KEY, position INTEGER NOT NULL, state BLOB NOT NULL);
        ALTER TABLE rule_sets ADD COLUMN is_model INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE model_trees (model INTEGER PRIMARY KEY, trees BLOB NOT NULL);
        CREATE TABLE model_changes (number INTEGER PRIMARY KEY, model INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL);
        ALTER TABLE shadows ADD COLUMN model INTEGER NOT NULL DEFAULT 0;
        PRAGMA user_version = 3;
        """;

    private readonly TemporaryFolder _folder = new();

    private string File => Path.Combine(_folder.PathOf("data"), "journal.db");

    [Fact]
    public async Task A_journal_of_the_schema_before_entities_is_taken_over_and_indexed()
    {
        Directory.CreateDirectory(_folder.PathOf("data"));
        using (var connection = new SqliteConnection(File))
        {
            connection.Execute(SqliteRuleStoreTests.SchemaOne);
            connection.Execute(StepTwo);
            connection.Execute("DELETE FROM journal");
            using var insert = connection.Prepare("INSERT INTO journal VALUES (?1, 1, ?1, 7, ?2)");
            insert.Bind(1, 1).Bind(2, Entry("t1", "x")).Run();
            insert.Bind(1, 2).Bind(2, Entry("t2", "y")).Run();

            // What can't be read names nothing; it is no reason not to start.
            insert.Bind(1, 3).Bind(2, [0]).Run();
            insert.Bind(1, 4).Bind(2, Entry("t4", "x")).Run();
        }

        await using var session = await JournalSession.StartAsync(Open(), EntityKind.Terminal);
        var store = (IRuleStore)session.Journal;
        Assert.Equal([new StoredShadow("s", 1, 2, 3)], await store.ReadShadowsAsync());
        Assert.Equal(["card-default@1", "test@1"], (await store.ReadRuleSetsAsync()).Select(set => set.Reference));
        Assert.Equal(3, await store.RegisterModelAsync("m", 1, "", [1], []));
        Assert.Equal(new JournalSize(4, 1, 0, 0, 0), await session.Journal.MeasureAsync());

        await session.ContinueAsync(new() { ["a"] = 4 });
        session.AppendNaming("a", "t5", (EntityKind.Terminal, "x"));
        session.Label("a", 1, "t1", isFraud: true, (EntityKind.Terminal, "x"));
        var recovery = session.RecoverEntity(EntityKind.Terminal, "x");
        await session.ReadAsync();
        Assert.Equal([1L, 4L, 5L, 6L], recovery.Rows.Select(row => row.Position));
        Assert.Equal(new JournalSize(5, 1, 0, 0, 1), await session.Journal.MeasureAsync());
    }

    [Fact]
    public async Task A_journal_of_the_schema_before_documents_is_taken_over_with_its_alerts()
    {
        Directory.CreateDirectory(_folder.PathOf("data"));
        using (var connection = new SqliteConnection(File))
        {
            connection.Execute(SqliteRuleStoreTests.SchemaOne);
            connection.Execute(StepTwo);
            connection.Execute(StepThree);
            connection.Execute("DELETE FROM journal");
            using var insert = connection.Prepare("INSERT INTO journal VALUES (1, 1, 1, 7, ?)");
            insert.Bind(1, Entry("t1", "x")).Run();
            using var alert = connection.Prepare("INSERT INTO alerts (position, account, id) VALUES (1, 1, ?)");
            var id = new byte[16];
            new AlertId(3, 4).Write(id);
            alert.Bind(1, id).Run();
        }

        await using var session = await JournalSession.StartAsync(Open());
        Assert.Equal((1, 0), await session.Journal.ReadAlertAsync(new AlertId(3, 4)) is { } old ? (old.Position, old.CommittedTicks) : default);
        Assert.Equal(new JournalSize(1, 1, 1, 0, 0), await session.Journal.MeasureAsync());
        await session.ContinueAsync(new() { ["a"] = 1 });
        session.Change("a", 1);
        session.Append("a", alert: true, "t2");
        session.Batch.AddDocument(DocumentStoreContract.New("c"), DocumentWrite.Keep);
        await session.SubmitAsync();
        Assert.Equal([true, false], (await session.Journal.ReadAlertsAsync(null, 0, 10)).Select(alert => alert.CommittedTicks == 0));
        Assert.Equal(new JournalSize(2, 1, 2, 0, 0), await session.Journal.MeasureAsync());
        Assert.NotNull(await session.Journal.FindDocumentAsync(DocumentKind.Case, "c"));
    }

    [Fact]
    public async Task A_damaged_entity_is_said_to_be_and_all_others_are_read()
    {
        await using (var session = await JournalSession.StartAsync(new SqliteJournal(_folder.PathOf("data"), tailRowsMax: 1), EntityKind.Terminal))
        {
            session.AppendNaming("a", "t1", (EntityKind.Terminal, "damaged"));
            session.AppendNaming("a", "t2", (EntityKind.Terminal, "healthy"));
            await session.SubmitAsync();
            session.Append("a", "t3");
            await session.SubmitAsync();
        }

        using (var connection = new SqliteConnection(File))
        {
            Assert.Equal(2, connection.Scalar("SELECT count(*) FROM open_entity_segments"));
            connection.Execute("UPDATE open_entity_segments SET rows = x'0280' WHERE entity = (SELECT number FROM entities WHERE key = CAST(x'02' || 'damaged' AS BLOB))");
            Assert.Equal(1, connection.Scalar("SELECT changes()"));
        }

        await using (var session = await JournalSession.StartAsync(Open()))
        {
            var (damaged, healthy) = (session.RecoverEntity(EntityKind.Terminal, "damaged"), session.RecoverEntity(EntityKind.Terminal, "healthy"));
            session.Submit();
            await session.UntilAnsweredAsync(1);
            Assert.IsType<InvalidDataException>(damaged.Failure);
            Assert.Null(healthy.Failure);
            Assert.Single(healthy.Rows);
        }
    }

    [Fact]
    public async Task What_a_crash_has_left_of_an_index_is_forgotten_before_it_is_made_again()
    {
        await using (var session = await JournalSession.StartAsync(new SqliteJournal(_folder.PathOf("data"), tailRowsMax: 1), EntityKind.Terminal))
        {
            for (var i = 0; i < 10; i++)
            {
                session.AppendNaming("a", $"t{i}", (EntityKind.Terminal, $"x{i % 2}"));
                await session.SubmitAsync();
            }
        }

        // As if the commits with its last segments had not come, nor the one that says that it is whole.
        using (var connection = new SqliteConnection(File))
        {
            connection.Execute("UPDATE open_entity_segments SET last = 1, rows = x'0101'; DELETE FROM settings WHERE name LIKE 'entity_%'");
        }

        await using (var session = await JournalSession.StartAsync(Open(), EntityKind.Terminal))
        {
            var recovery = session.RecoverEntity(EntityKind.Terminal, "x0");
            await session.ReadAsync();
            Assert.Equal([1L, 3L, 5L, 7L, 9L], recovery.Rows.Select(row => row.Position));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Entry(string id, string terminal)
    {
        var decided = new TransactionDecided();
        decided.Transaction.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes(id));
        decided.Transaction.SetText(TransactionField.TerminalId, Encoding.UTF8.GetBytes(terminal));
        decided.Decision.RuleSetNumber = 1;
        var bytes = new ArrayBufferWriter<byte>();
        EntryCodec.Write(bytes, decided);
        return bytes.WrittenSpan.ToArray();
    }

    private SqliteJournal Open() => new(_folder.PathOf("data"));
}

namespace FraudEngine.Storage.Sqlite;

/// <summary>The tables, and the steps from one version of them to the next. The version stands in SQLite's <c>user_version</c>.</summary>
internal static class SqliteSchema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE rule_sets (number INTEGER PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL, source TEXT NOT NULL, reasons TEXT NOT NULL);
        CREATE TABLE accounts (number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
        -- Appended in the order of commits, so that a commit touches only the last pages. Which rows are an account's stands in segments: runs of its
        -- consecutive sequence numbers, each with position and hash of the transaction id. The newest rows are in no segment yet; see JournalIndex.
        CREATE TABLE journal (position INTEGER PRIMARY KEY, account INTEGER NOT NULL, sequence INTEGER NOT NULL, id_hash INTEGER NOT NULL, entry BLOB NOT NULL);
        CREATE TABLE segments (account INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, rows BLOB NOT NULL, PRIMARY KEY (account, first)) WITHOUT ROWID;
        CREATE TABLE snapshots (account INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, state BLOB NOT NULL);
        -- The outbox: an alert is a decided transaction, at its position in the journal.
        CREATE TABLE alerts (position INTEGER PRIMARY KEY, account INTEGER NOT NULL, id BLOB NOT NULL UNIQUE);
        CREATE INDEX alerts_account ON alerts (account, position);
        CREATE TABLE poison (number INTEGER PRIMARY KEY, account_id BLOB NOT NULL, transaction_id BLOB NOT NULL, reason TEXT NOT NULL);
        """,
        """
        -- Which rule set went into force when, oldest first.
        CREATE TABLE rule_changes (number INTEGER PRIMARY KEY, rule_set INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL);
        -- Until here every rule set that is stored was in force. When is not known: now, in ticks since the year 1.
        INSERT INTO rule_changes SELECT number, number, CAST((julianday('now') - 1721425.5) * 864000000000 AS INTEGER), 'start' FROM rule_sets ORDER BY number;
        CREATE TABLE lists (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        -- One row per change of any list. A large change is written in several commits; until the last of them it is not whole, and counts for nothing.
        CREATE TABLE list_versions (version INTEGER PRIMARY KEY, list INTEGER NOT NULL, owner TEXT NOT NULL, is_whole INTEGER NOT NULL);
        -- An entry counts from the version that added it up to, but without, the one that removed it or gave it another expiry.
        CREATE TABLE list_entries (
            list INTEGER NOT NULL, text TEXT NOT NULL, added INTEGER NOT NULL, removed INTEGER NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (list, text, added))
            WITHOUT ROWID;
        CREATE TABLE shadows (name TEXT PRIMARY KEY, rule_set INTEGER NOT NULL, after_position INTEGER NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
        """,
        """
        -- The newest label of a transaction, by the sequence number of the transaction; each of its labels is an entry of the journal as well.
        CREATE TABLE labels (account INTEGER NOT NULL, sequence INTEGER NOT NULL, is_fraud INTEGER NOT NULL, events INTEGER NOT NULL, PRIMARY KEY (account, sequence))
            WITHOUT ROWID;
        -- What entries name besides their accounts. A key is a byte for the kind and then the id; which kinds are indexed stands in settings.
        CREATE TABLE entities (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE);
        -- As segments are an account's: which rows of the journal name an entity, in runs of positions. The newest rows are in none yet; see JournalIndex.
        CREATE TABLE entity_segments (entity INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, rows BLOB NOT NULL, PRIMARY KEY (entity, first))
            WITHOUT ROWID;
        CREATE TABLE entity_snapshots (entity INTEGER PRIMARY KEY, position INTEGER NOT NULL, state BLOB NOT NULL);
        -- Models are numbered in one row with rule sets, and stand among them.
        ALTER TABLE rule_sets ADD COLUMN is_model INTEGER NOT NULL DEFAULT 0;
        CREATE TABLE model_trees (model INTEGER PRIMARY KEY, trees BLOB NOT NULL);
        CREATE TABLE model_changes (number INTEGER PRIMARY KEY, model INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL);
        ALTER TABLE shadows ADD COLUMN model INTEGER NOT NULL DEFAULT 0;
        """,
        """
        -- When an alert was stored, in ticks since the year 1; 0 for those from before.
        ALTER TABLE alerts ADD COLUMN committed INTEGER NOT NULL DEFAULT 0;
        -- The entries that are neither transactions nor labels, so that they can be told from transactions where those are counted.
        CREATE TABLE changes (position INTEGER PRIMARY KEY);
        CREATE TABLE documents (
            kind INTEGER NOT NULL, key TEXT NOT NULL, account TEXT NOT NULL, status TEXT NOT NULL, owner TEXT NOT NULL, created INTEGER NOT NULL,
            updated INTEGER NOT NULL, version INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
        CREATE INDEX documents_created ON documents (kind, created DESC, key);
        CREATE INDEX documents_status ON documents (kind, status, created DESC, key) WHERE status <> '';
        CREATE INDEX documents_account ON documents (kind, account, created DESC, key) WHERE account <> '';
        -- With the status, as somebody's open cases are few among those that were ever theirs.
        CREATE INDEX documents_owner ON documents (kind, owner, created DESC, key, status) WHERE owner <> '';
        -- How far alerts have been delivered on a channel, and what has become of each. The states are those of DeliveryState: nearly all are delivered, 2.
        CREATE TABLE channels (channel TEXT PRIMARY KEY, cursor INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE deliveries (
            channel TEXT NOT NULL, position INTEGER NOT NULL, alert BLOB NOT NULL, account BLOB NOT NULL, state INTEGER NOT NULL, attempts INTEGER NOT NULL,
            due INTEGER NOT NULL, first INTEGER NOT NULL, updated INTEGER NOT NULL, message BLOB NOT NULL, problem TEXT, PRIMARY KEY (channel, position)) WITHOUT ROWID;
        CREATE INDEX deliveries_alert ON deliveries (alert);
        CREATE INDEX deliveries_state ON deliveries (channel, state, position) WHERE state <> 2;
        CREATE TABLE delivery_counts (channel TEXT NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (channel, state)) WITHOUT ROWID;
        """,
        """
        -- Of each account the segment that is not full yet, behind those in segments. Where it has no rows, it still says which row is the last in those.
        CREATE TABLE open_segments (account INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, rows BLOB NOT NULL);
        CREATE TABLE open_entity_segments (entity INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, rows BLOB NOT NULL);
        """,
    ];

    public static void Migrate(SqliteConnection connection)
    {
        var version = connection.Scalar("PRAGMA user_version");
        if (version > Steps.Length)
        {
            throw new InvalidDataException($"The journal has schema version {version}, but this engine knows only up to {Steps.Length}: it was written by a later version of the engine.");
        }

        for (var step = (int)version; step < Steps.Length; step++)
        {
            connection.Execute($"BEGIN IMMEDIATE;{Steps[step]};PRAGMA user_version = {step + 1};COMMIT");
        }
    }
}

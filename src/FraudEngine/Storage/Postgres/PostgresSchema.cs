using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>The tables, and the steps from one version of them to the next.</summary>
internal static class PostgresSchema
{
    private const int ServerVersionMin = 14;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL);
        -- Rises with every change of what all nodes have in common.
        CREATE TABLE revision (value bigint NOT NULL);
        INSERT INTO revision VALUES (0);
        -- Models and rule sets are numbered in one row.
        CREATE TABLE rule_sets (number int PRIMARY KEY, name text NOT NULL, version int NOT NULL, source text NOT NULL, reasons text NOT NULL, is_model boolean NOT NULL);
        CREATE TABLE model_trees (model int PRIMARY KEY, trees bytea NOT NULL);
        CREATE TABLE rule_changes (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, is_model boolean NOT NULL, rule_set int NOT NULL, at bigint NOT NULL, cause text NOT NULL);
        CREATE TABLE lists (number int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text COLLATE "C" NOT NULL UNIQUE);
        -- One row per change of any list. A large change is written in several commits; until the last of them it is not whole, and counts for nothing.
        CREATE TABLE list_versions (version bigint PRIMARY KEY, list int NOT NULL, owner text NOT NULL, is_whole boolean NOT NULL);
        -- An entry counts from the version that added it up to, but without, the one that removed it or gave it another expiry.
        CREATE TABLE list_entries (
            list int NOT NULL, text text COLLATE "C" NOT NULL, added bigint NOT NULL, removed bigint NOT NULL, expires bigint NOT NULL, PRIMARY KEY (list, text, added));
        CREATE TABLE shadows (
            name text COLLATE "C" PRIMARY KEY, rule_set int NOT NULL, after_position bigint NOT NULL, at bigint NOT NULL, model int NOT NULL);
        CREATE TABLE accounts (id bytea PRIMARY KEY);
        -- Partitions are dropped whole; each has indexes of its own, as an index of the whole could not be unique. lookup is the hash of account and transaction
        -- id; labelled the sequence number of the transaction that a label is of; -1 where the entry is neither a transaction nor a label.
        CREATE TABLE journal (
            sequence bigint NOT NULL, position bigint NOT NULL, lookup bigint NOT NULL, labelled bigint, committed timestamptz NOT NULL,
            account bytea NOT NULL, entry bytea NOT NULL) PARTITION BY RANGE (committed);
        -- What entries name besides their accounts, with the shard of the entity.
        CREATE TABLE entity_rows (position bigint NOT NULL, committed timestamptz NOT NULL, shard int NOT NULL, key bytea NOT NULL) PARTITION BY RANGE (committed);
        CREATE TABLE partitions (lower timestamptz PRIMARY KEY, upper timestamptz NOT NULL);
        CREATE TABLE snapshots (account bytea PRIMARY KEY, sequence bigint NOT NULL, state bytea NOT NULL);
        CREATE TABLE entity_snapshots (key bytea PRIMARY KEY, position bigint NOT NULL, state bytea NOT NULL);
        CREATE TABLE labels (account bytea NOT NULL, sequence bigint NOT NULL, is_fraud boolean NOT NULL, PRIMARY KEY (account, sequence));
        -- The outbox: an alert is a decided transaction, at its position in the journal.
        CREATE TABLE alerts (position bigint PRIMARY KEY, committed timestamptz NOT NULL, account bytea NOT NULL, id bytea NOT NULL UNIQUE);
        CREATE INDEX alerts_account ON alerts (account, position);
        CREATE TABLE poison (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, account_id bytea NOT NULL, transaction_id bytea NOT NULL, reason text NOT NULL);
        -- Kept in each commit, a row per shard so that nodes don't wait for each other; what was dropped stands in that of shard -1.
        CREATE TABLE counts (
            shard int PRIMARY KEY, transactions bigint NOT NULL, labels bigint NOT NULL, accounts bigint NOT NULL, alerts bigint NOT NULL, poison bigint NOT NULL)
            WITH (fillfactor = 10);
        """,
        """
        CREATE TABLE documents (
            kind int NOT NULL, key text COLLATE "C" NOT NULL, account text COLLATE "C" NOT NULL, status text COLLATE "C" NOT NULL, owner text COLLATE "C" NOT NULL,
            created bigint NOT NULL, updated bigint NOT NULL, version bigint NOT NULL, body bytea NOT NULL, PRIMARY KEY (kind, key));
        CREATE INDEX documents_created ON documents (kind, created DESC, key);
        CREATE INDEX documents_status ON documents (kind, status, created DESC, key) WHERE status <> '';
        CREATE INDEX documents_account ON documents (kind, account, created DESC, key) WHERE account <> '';
        CREATE INDEX documents_owner ON documents (kind, owner, created DESC, key) WHERE owner <> '';
        -- How far alerts have been delivered on a channel, and what has become of each. The states are those of DeliveryState: nearly all are delivered, 2.
        CREATE TABLE channels (channel text COLLATE "C" PRIMARY KEY, cursor bigint NOT NULL) WITH (fillfactor = 10);
        CREATE TABLE deliveries (
            channel text COLLATE "C" NOT NULL, position bigint NOT NULL, alert bytea NOT NULL, account bytea NOT NULL, state int NOT NULL, attempts int NOT NULL,
            due bigint NOT NULL, first bigint NOT NULL, updated bigint NOT NULL, message bytea NOT NULL, problem text, PRIMARY KEY (channel, position));
        CREATE INDEX deliveries_alert ON deliveries (alert);
        CREATE INDEX deliveries_state ON deliveries (channel, state, position) WHERE state <> 2;
        CREATE TABLE delivery_counts (channel text COLLATE "C" NOT NULL, state int NOT NULL, count bigint NOT NULL, PRIMARY KEY (channel, state)) WITH (fillfactor = 10);
        """,
    ];

    /// <summary>Makes the tables or brings them up to date. Nodes that start at once do it one after the other.</summary>
    public static async Task MigrateAsync(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < ServerVersionMin)
        {
            throw new InvalidDataException($"The server is PostgreSQL {connection.PostgreSqlVersion}; the journal needs {ServerVersionMin} or later.");
        }

        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({PostgresLocks.Class}, {PostgresLocks.Schema})");
        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_version (version int NOT NULL)");
        var version = await connection.ScalarAsync("SELECT version FROM schema_version") as int?;
        if (version > Steps.Length)
        {
            throw new InvalidDataException(
                $"The database has schema version {version}, but this engine knows only up to {Steps.Length}: it was written by a later version of the engine.");
        }

        if (version is null)
        {
            await connection.ExecuteAsync("INSERT INTO schema_version VALUES (0)");
        }

        for (var step = version ?? 0; step < Steps.Length; step++)
        {
            await connection.ExecuteAsync(Steps[step]);
            await connection.ExecuteAsync($"UPDATE schema_version SET version = {step + 1}");
        }

        await transaction.CommitAsync();
    }
}

using System.Text.Json;
using FraudEngine.Domain;
using Npgsql;
using static FraudEngine.Storage.Postgres.PostgresCommands;

namespace FraudEngine.Storage.Postgres;

/// <summary>Stores and reads rule sets, models, shadows and settings. Each change is one commit; changes of several nodes come one after the other.</summary>
internal static class PostgresRules
{
    public static Task<List<DecidingRuleSet>> ReadCatalogAsync(NpgsqlConnection connection, int after) => connection.RowsAsync(
        "SELECT number, name, version, reasons FROM rule_sets WHERE number > $1 ORDER BY number",
        static row => new DecidingRuleSet(
            row.GetInt32(0), $"{row.GetString(1)}@{row.GetInt32(2)}", [.. JsonSerializer.Deserialize<List<ReasonCode>>(row.GetString(3)) ?? []]),
        Int(after));

    public static Task<List<StoredRuleSet>> ReadRuleSetsAsync(NpgsqlConnection connection) => connection.RowsAsync(
        "SELECT number, name, version, source FROM rule_sets WHERE NOT is_model ORDER BY number",
        static row => new StoredRuleSet(row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetString(3)));

    public static Task<List<StoredModel>> ReadModelsAsync(NpgsqlConnection connection) => connection.RowsAsync(
        "SELECT number, name, version, source FROM rule_sets WHERE is_model ORDER BY number",
        static row => new StoredModel(row.GetInt32(0), row.GetString(1), row.GetInt32(2), row.GetString(3)));

    /// <param name="trees">Null for a rule set.</param>
    public static Task<int> RegisterAsync(NpgsqlConnection connection, string name, int version, string source, byte[]? trees, IReadOnlyList<ReasonCode> reasons) =>
        ChangeAsync(connection, isCommon: false, async () =>
        {
            NpgsqlParameter[] parameters = [Text(name), Int(version), Text(source)];
            var found = trees is null
                ? await connection.ScalarAsync("SELECT number FROM rule_sets WHERE NOT is_model AND name = $1 AND version = $2 AND source = $3", parameters)
                : await connection.ScalarAsync(
                    """
                    SELECT r.number FROM rule_sets r JOIN model_trees t ON t.model = r.number
                    WHERE r.is_model AND r.name = $1 AND r.version = $2 AND r.source = $3 AND t.trees = $4
                    """,
                    [.. parameters, Bytes(trees)]);
            if (found is int known)
            {
                return known;
            }

            // Rule sets and models are numbered in one row.
            var number = await connection.ScalarAsync(
                """
                INSERT INTO rule_sets (number, name, version, source, reasons, is_model)
                SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5 FROM rule_sets RETURNING number
                """,
                Text(name),
                Int(version),
                Text(source),
                Text(JsonSerializer.Serialize(reasons)),
                new NpgsqlParameter<bool> { TypedValue = trees is not null });
            if (trees is not null)
            {
                await connection.ExecuteAsync("INSERT INTO model_trees (model, trees) VALUES ($1, $2)", Int((int)number!), Bytes(trees));
            }

            return (int)number!;
        });

    public static async Task<byte[]> ReadTreesAsync(NpgsqlConnection connection, int number) =>
        await connection.ScalarAsync("SELECT trees FROM model_trees WHERE model = $1", Int(number)) as byte[]
        ?? throw new InvalidDataException($"The journal has no model {number}.");

    public static Task<bool> PutInForceAsync(NpgsqlConnection connection, RuleSetChange change, bool isModel) => ChangeAsync(connection, isCommon: true, async () =>
    {
        await connection.ExecuteAsync(
            "INSERT INTO rule_changes (is_model, rule_set, at, cause) VALUES ($1, $2, $3, $4)",
            new NpgsqlParameter<bool> { TypedValue = isModel },
            Int(change.Number),
            Long(change.AtTicks),
            Text(change.Cause));
        return true;
    });

    public static Task<List<RuleSetChange>> ReadChangesAsync(NpgsqlConnection connection, bool isModel) => connection.RowsAsync(
        "SELECT rule_set, at, cause FROM rule_changes WHERE is_model = $1 ORDER BY number",
        static row => new RuleSetChange(row.GetInt32(0), row.GetInt64(1), row.GetString(2)),
        new NpgsqlParameter<bool> { TypedValue = isModel });

    public static Task<bool> PutShadowAsync(NpgsqlConnection connection, StoredShadow shadow) => ChangeAsync(connection, isCommon: true, async () =>
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO shadows (name, rule_set, after_position, at, model) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (name) DO UPDATE SET rule_set = excluded.rule_set, after_position = excluded.after_position, at = excluded.at, model = excluded.model
            """,
            Text(shadow.Name),
            Int(shadow.RuleSetNumber),
            Long(shadow.AfterPosition),
            Long(shadow.AtTicks),
            Int(shadow.ModelNumber));
        return true;
    });

    public static Task<bool> RemoveShadowAsync(NpgsqlConnection connection, string name) => ChangeAsync(
        connection,
        isCommon: true,
        async () => await connection.ScalarAsync("DELETE FROM shadows WHERE name = $1 RETURNING 1", Text(name)) is not null);

    public static Task<List<StoredShadow>> ReadShadowsAsync(NpgsqlConnection connection) => connection.RowsAsync(
        "SELECT name, rule_set, after_position, at, model FROM shadows ORDER BY name",
        static row => new StoredShadow(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4)));

    public static async Task<string?> ReadSettingAsync(NpgsqlConnection connection, string name) =>
        await connection.ScalarAsync("SELECT value FROM settings WHERE name = $1", Text(name)) as string;

    public static async Task<bool> WriteSettingAsync(NpgsqlConnection connection, string name, string value)
    {
        await connection.ExecuteAsync("INSERT INTO settings VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", Text(name), Text(value));
        return true;
    }

    /// <summary>Stores the value, unless there is one, and returns what is stored.</summary>
    public static async Task<string> PinAsync(NpgsqlConnection connection, string name, string value)
    {
        await connection.ExecuteAsync("INSERT INTO settings VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", Text(name), Text(value));
        return (await ReadSettingAsync(connection, name))!;
    }

    public static Task<long> ReadRevisionAsync(NpgsqlConnection connection) => connection.LongAsync("SELECT value FROM revision");

    public static Task RaiseRevisionAsync(NpgsqlConnection connection) => connection.ExecuteAsync("UPDATE revision SET value = value + 1");

    /// <param name="isCommon">Whether it changes what all nodes have in common, so that they are to look.</param>
    private static async Task<T> ChangeAsync<T>(NpgsqlConnection connection, bool isCommon, Func<Task<T>> change)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync($"SELECT pg_advisory_xact_lock({PostgresLocks.Class}, {PostgresLocks.Rules})");
        var result = await change();
        if (isCommon)
        {
            await RaiseRevisionAsync(connection);
        }

        await transaction.CommitAsync();
        return result;
    }
}

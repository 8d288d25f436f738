using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Stores and reads models. They stand among the rule sets, in one row of numbers; their trees stand apart.</summary>
internal static class SqliteModels
{
    public const string Kind = "model";

    /// <summary>Called on the writing thread only; one commit, on the disk when it returns.</summary>
    public static int Register(SqliteConnection connection, string name, int version, string source, byte[] trees, IReadOnlyList<ReasonCode> reasons)
    {
        using var find = connection.Prepare(
            "SELECT s.number FROM rule_sets s JOIN model_trees t ON t.number = s.number WHERE s.kind = ? AND s.name = ? AND s.version = ? AND s.source = ? AND t.trees = ?");
        if (find.Bind(1, Kind).Bind(2, name).Bind(3, version).Bind(4, source).Bind(5, trees.AsSpan()).Step())
        {
            return (int)find.Int64(0);
        }

        return connection.Transact(() =>
        {
            var number = (int)connection.Scalar("SELECT max(number) FROM rule_sets") + 1;
            using var insert = connection.Prepare("INSERT INTO rule_sets (number, name, version, source, reasons, kind) VALUES (?, ?, ?, ?, ?, ?)");
            insert.Bind(1, number).Bind(2, name).Bind(3, version).Bind(4, source).Bind(5, JsonSerializer.Serialize(reasons)).Bind(6, Kind).Run();
            using var insertTrees = connection.Prepare("INSERT INTO model_trees (number, trees) VALUES (?, ?)");
            insertTrees.Bind(1, number).Bind(2, trees.AsSpan()).Run();
            return number;
        });
    }

    public static void PutInForce(SqliteConnection connection, RuleSetChange change)
    {
        using var insert = connection.Prepare("INSERT INTO model_changes (model, at, cause) VALUES (?, ?, ?)");
        insert.Bind(1, change.Number).Bind(2, change.AtTicks).Bind(3, change.Cause).Run();
    }

    public static byte[] Trees(SqliteConnection connection, int number)
    {
        using var find = connection.Prepare("SELECT trees FROM model_trees WHERE number = ?");
        return find.Bind(1, number).Step() ? find.Blob(0).ToArray() : throw new InvalidDataException($"Model {number} is not stored.");
    }
}

using System.Globalization;
using FraudEngine.Domain;
using Npgsql;

namespace FraudEngine.Storage.Postgres;

/// <summary>Which kinds of entities every entry is indexed by, and how many shards there are. The same for all nodes: stored in the database.</summary>
internal sealed class PostgresEntityKinds
{
    public const string KindsSetting = "entity_kinds";
    public const string ShardsSetting = "shards";

    private volatile EntityKind[] _kinds = [];
    private volatile int _shards = 1;

    public ReadOnlySpan<EntityKind> Kinds => _kinds;

    public static string Text(IEnumerable<EntityKind> kinds) => string.Join(' ', kinds.Select(EntityKinds.NameOf));

    public bool Has(EntityKind kind) => Array.IndexOf(_kinds, kind) >= 0;

    public int ShardOf(ReadOnlySpan<byte> key) => Hash64.Bucket(Hash64.Of(key), _shards);

    public async Task LoadAsync(NpgsqlConnection connection)
    {
        var names = await connection.ScalarAsync($"SELECT value FROM settings WHERE name = '{KindsSetting}'") as string ?? "";
        _kinds = [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static name => EntityKinds.Find(name))];
        _shards = int.TryParse(
            await connection.ScalarAsync($"SELECT value FROM settings WHERE name = '{ShardsSetting}'") as string, NumberStyles.None, CultureInfo.InvariantCulture, out var shards)
            ? Math.Max(1, shards)
            : 1;
    }
}

using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Stores rule sets, models, named lists, shadows and settings. Each call is one commit, on the disk when it returns. Called on the writing thread only.</summary>
internal sealed class SqliteRuleWriter(SqliteConnection connection)
{
    /// <summary>Entries written in one commit: some milliseconds, for which transactions wait.</summary>
    public const int ListEntriesPerCommit = 1_000;

    /// <summary>What <c>removed</c> holds for an entry that is there.</summary>
    public const long NotRemoved = long.MaxValue;

    public int Register(string name, int version, string source, IReadOnlyList<ReasonCode> reasons)
    {
        using var find = connection.Prepare("SELECT number FROM rule_sets WHERE is_model = 0 AND name = ? AND version = ? AND source = ?");
        return find.Bind(1, name).Bind(2, version).Bind(3, source).Step() ? (int)find.Int64(0) : Add(name, version, source, reasons, isModel: false);
    }

    public int RegisterModel(string name, int version, string source, byte[] trees, IReadOnlyList<ReasonCode> reasons) => connection.Transact(() =>
    {
        using var find = connection.Prepare(
            "SELECT r.number FROM rule_sets r JOIN model_trees t ON t.model = r.number WHERE r.is_model = 1 AND r.name = ? AND r.version = ? AND r.source = ? AND t.trees = ?");
        if (find.Bind(1, name).Bind(2, version).Bind(3, source).Bind(4, trees).Step())
        {
            return (int)find.Int64(0);
        }

        var number = Add(name, version, source, reasons, isModel: true);
        using var insert = connection.Prepare("INSERT INTO model_trees (model, trees) VALUES (?, ?)");
        insert.Bind(1, number).Bind(2, trees).Run();
        return number;
    });

    public void PutInForce(RuleSetChange change) => Put("INSERT INTO rule_changes (rule_set, at, cause) VALUES (?, ?, ?)", change);

    public void PutModelInForce(RuleSetChange change) => Put("INSERT INTO model_changes (model, at, cause) VALUES (?, ?, ?)", change);

    /// <summary>Begins a change to a list, or goes on with it, and returns its version. The commit that reaches the last entry makes it whole.</summary>
    /// <param name="from">The first entry to be written: 0, then a multiple of <see cref="ListEntriesPerCommit"/>.</param>
    public long ChangeList(string list, string owner, IReadOnlyList<StoredListEntry> changes, int from) => connection.Transact(() =>
    {
        var end = Math.Min(from + ListEntriesPerCommit, changes.Count);
        var number = NumberOf(list);
        var version = from == 0 ? BeginChange(number, owner) : connection.Scalar("SELECT max(version) FROM list_versions");
        using var remove = connection.Prepare(
            "UPDATE list_entries SET removed = ?3 WHERE list = ?1 AND text = ?2 AND removed = ?4 AND added = (SELECT max(added) FROM list_entries WHERE list = ?1 AND text = ?2)");
        using var add = connection.Prepare("INSERT INTO list_entries (list, text, added, removed, expires) VALUES (?, ?, ?, ?, ?)");
        for (var i = from; i < end; i++)
        {
            var (text, expires) = changes[i];
            remove.Bind(1, number).Bind(2, text).Bind(3, version).Bind(4, NotRemoved).Run();
            if (expires is { } ticks)
            {
                add.Bind(1, number).Bind(2, text).Bind(3, version).Bind(4, NotRemoved).Bind(5, ticks).Run();
            }
        }

        if (end == changes.Count)
        {
            connection.Execute($"UPDATE list_versions SET is_whole = 1 WHERE version = {version}");
        }

        return version;
    });

    public void PutShadow(StoredShadow shadow)
    {
        using var insert = connection.Prepare("INSERT OR REPLACE INTO shadows (name, rule_set, after_position, at, model) VALUES (?, ?, ?, ?, ?)");
        insert.Bind(1, shadow.Name).Bind(2, shadow.RuleSetNumber).Bind(3, shadow.AfterPosition).Bind(4, shadow.AtTicks).Bind(5, shadow.ModelNumber).Run();
    }

    public bool RemoveShadow(string name)
    {
        using var delete = connection.Prepare("DELETE FROM shadows WHERE name = ?");
        delete.Bind(1, name).Run();
        return connection.Scalar("SELECT changes()") > 0;
    }

    public void WriteSetting(string name, string value)
    {
        using var insert = connection.Prepare("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)");
        insert.Bind(1, name).Bind(2, value).Run();
    }

    /// <summary>Rule sets and models are numbered in one row.</summary>
    private int Add(string name, int version, string source, IReadOnlyList<ReasonCode> reasons, bool isModel)
    {
        var number = (int)connection.Scalar("SELECT max(number) FROM rule_sets") + 1;
        using var insert = connection.Prepare("INSERT INTO rule_sets (number, name, version, source, reasons, is_model) VALUES (?, ?, ?, ?, ?, ?)");
        insert.Bind(1, number).Bind(2, name).Bind(3, version).Bind(4, source).Bind(5, JsonSerializer.Serialize(reasons)).Bind(6, isModel ? 1 : 0).Run();
        return number;
    }

    private void Put(string sql, RuleSetChange change)
    {
        using var insert = connection.Prepare(sql);
        insert.Bind(1, change.Number).Bind(2, change.AtTicks).Bind(3, change.Cause).Run();
    }

    private long BeginChange(long list, string owner)
    {
        // What a change that was broken off has left behind would come to count as soon as its version is given again.
        if (connection.Scalar("SELECT max(version) FROM list_versions WHERE is_whole = 0") is var broken and > 0)
        {
            connection.Execute($"DELETE FROM list_entries WHERE added = {broken}; UPDATE list_entries SET removed = {NotRemoved} WHERE removed = {broken}");
            connection.Execute($"DELETE FROM list_versions WHERE version = {broken}");
        }

        var version = connection.Scalar("SELECT max(version) FROM list_versions") + 1;
        using var insert = connection.Prepare("INSERT INTO list_versions (version, list, owner, is_whole) VALUES (?, ?, ?, 0)");
        insert.Bind(1, version).Bind(2, list).Bind(3, owner).Run();
        return version;
    }

    private long NumberOf(string list)
    {
        using var insert = connection.Prepare("INSERT OR IGNORE INTO lists (name) VALUES (?)");
        insert.Bind(1, list).Run();
        using var find = connection.Prepare("SELECT number FROM lists WHERE name = ?");
        find.Bind(1, list).Step();
        return find.Int64(0);
    }
}

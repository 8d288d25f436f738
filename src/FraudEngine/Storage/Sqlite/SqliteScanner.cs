namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// Reads what may be long: pages of the whole journal, rule sets, models, lists. On a connection and a thread of its own, so that an account's recovery waits for none of it.
/// </summary>
internal sealed class SqliteScanner(SqliteConnection connection)
{
    /// <summary>Both tables are asked by their primary key; the outer one from a place on.</summary>
    public const string ScanSql =
        "SELECT j.position, a.id, j.sequence, j.entry FROM journal j CROSS JOIN accounts a ON a.number = j.account WHERE j.position > ? ORDER BY j.position LIMIT ?";

    public IReadOnlyList<JournalRow> Scan(long after, int max) => Rows(
        ScanSql,
        query => query.Bind(1, after).Bind(2, max),
        static row => new JournalRow(row.Int64(0), row.Blob(1).ToArray(), row.Int64(2), row.Blob(3).ToArray()));

    public JournalSize Measure()
    {
        // At one moment, as labels and changes are entries too. Entries and accounts are numbered without gaps.
        using var query = connection.Prepare(
            """
            SELECT (SELECT max(position) FROM journal), (SELECT sum(events) FROM labels), (SELECT max(number) FROM accounts),
                   (SELECT count(*) FROM alerts), (SELECT count(*) FROM poison), (SELECT count(*) FROM changes)
            """);
        query.Step();
        var labels = query.Int64(1);
        return new JournalSize(query.Int64(0) - labels - query.Int64(5), query.Int64(2), query.Int64(3), query.Int64(4), labels);
    }

    public IReadOnlyList<StoredRuleSet> RuleSets() => Rows(
        "SELECT number, name, version, source FROM rule_sets WHERE is_model = 0 ORDER BY number",
        static _ => { },
        static row => new StoredRuleSet((int)row.Int64(0), row.Text(1), (int)row.Int64(2), row.Text(3)));

    public IReadOnlyList<RuleSetChange> Changes() => Changes("SELECT rule_set, at, cause FROM rule_changes ORDER BY number");

    public IReadOnlyList<StoredModel> Models() => Rows(
        "SELECT number, name, version, source FROM rule_sets WHERE is_model = 1 ORDER BY number",
        static _ => { },
        static row => new StoredModel((int)row.Int64(0), row.Text(1), (int)row.Int64(2), row.Text(3)));

    /// <summary>Throws <see cref="InvalidDataException"/> where there is no such model.</summary>
    public byte[] Trees(int model)
    {
        using var find = connection.Prepare("SELECT trees FROM model_trees WHERE model = ?");
        return find.Bind(1, model).Step() ? find.Blob(0).ToArray() : throw new InvalidDataException($"The journal has no model {model}.");
    }

    public IReadOnlyList<RuleSetChange> ModelChanges() => Changes("SELECT model, at, cause FROM model_changes ORDER BY number");

    public StoredLists Lists(long? version)
    {
        var at = Math.Min(version ?? long.MaxValue, NewestListVersion());

        // SQLite takes the other columns from the row with the greatest version.
        var lists = Rows(
            "SELECT l.number, l.name, v.owner, max(v.version) FROM list_versions v JOIN lists l ON l.number = v.list WHERE v.version <= ? GROUP BY l.number ORDER BY l.name",
            query => query.Bind(1, at),
            static row => (Number: row.Int64(0), List: new StoredList(row.Text(1), row.Text(2), row.Int64(3), [])));
        return new StoredLists(at, [.. lists.Select(list => list.List with { Entries = Entries(list.Number, at, after: "", int.MaxValue) })]);
    }

    public IReadOnlyList<StoredListEntry> List(string list, string? after, int max)
    {
        using var find = connection.Prepare("SELECT number FROM lists WHERE name = ?");
        return find.Bind(1, list).Step() ? Entries(find.Int64(0), NewestListVersion(), after ?? "", max) : [];
    }

    public IReadOnlyList<StoredShadow> Shadows() => Rows(
        "SELECT name, rule_set, after_position, at, model FROM shadows ORDER BY name",
        static _ => { },
        static row => new StoredShadow(row.Text(0), (int)row.Int64(1), row.Int64(2), row.Int64(3), (int)row.Int64(4)));

    public string? Setting(string name)
    {
        using var find = connection.Prepare("SELECT value FROM settings WHERE name = ?");
        return find.Bind(1, name).Step() ? find.Text(0) : null;
    }

    private List<RuleSetChange> Changes(string sql) => Rows(sql, static _ => { }, static row => new RuleSetChange((int)row.Int64(0), row.Int64(1), row.Text(2)));

    private long NewestListVersion() => connection.Scalar("SELECT max(version) FROM list_versions WHERE is_whole = 1");

    /// <summary>Entries at a version, from behind a text on; no text is empty.</summary>
    private List<StoredListEntry> Entries(long list, long version, string after, int max) => Rows(
        "SELECT text, expires FROM list_entries WHERE list = ?1 AND text > ?2 AND added <= ?3 AND removed > ?3 ORDER BY text LIMIT ?4",
        query => query.Bind(1, list).Bind(2, after).Bind(3, version).Bind(4, max),
        static row => new StoredListEntry(row.Text(0), row.Int64(1)));

    private List<T> Rows<T>(string sql, Action<SqliteStatement> bind, Func<SqliteStatement, T> read)
    {
        using var query = connection.Prepare(sql);
        bind(query);
        var rows = new List<T>();
        while (query.Step())
        {
            rows.Add(read(query));
        }

        return rows;
    }
}

using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Stores groups of batches, each group in one commit that is on the disk when <see cref="Commit"/> returns.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _append;
    private readonly SqliteStatement _account;
    private readonly SqliteStatement _alert;
    private readonly SqliteStatement _snapshot;
    private readonly SqliteStatement _poison;
    private readonly List<AccountRef> _numbered = [];
    private long _nextPosition;
    private long _nextAccount;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _rollback = connection.Prepare("ROLLBACK");
        _append = connection.Prepare("INSERT INTO journal (position, account, sequence, id_hash, entry) VALUES (?, ?, ?, ?, ?)");
        _account = connection.Prepare("INSERT INTO accounts (number, id) VALUES (?, ?)");
        _alert = connection.Prepare("INSERT INTO alerts (position, account, id) VALUES (?, ?, ?)");
        _snapshot = connection.Prepare("INSERT OR REPLACE INTO snapshots (account, sequence, state) VALUES (?, ?, ?)");
        _poison = connection.Prepare("INSERT INTO poison (account_id, transaction_id, reason) VALUES (?, ?, ?)");
        FindEnds();
    }

    /// <summary>Stores all of the batches or, where it throws, nothing of any.</summary>
    public void Commit(IReadOnlyList<JournalBatch> group)
    {
        _numbered.Clear();
        _begin.Run();
        try
        {
            foreach (var batch in group)
            {
                Write(batch);
            }

            _commit.Run();
        }
        catch
        {
            Undo();
            throw;
        }
    }

    public int Register(string name, int version, string source, IReadOnlyList<ReasonCode> reasons)
    {
        using var find = _connection.Prepare("SELECT number FROM rule_sets WHERE name = ? AND version = ? AND source = ?");
        if (find.Bind(1, name).Bind(2, version).Bind(3, source).Step())
        {
            return (int)find.Int64(0);
        }

        var number = (int)_connection.Scalar("SELECT max(number) FROM rule_sets") + 1;
        using var insert = _connection.Prepare("INSERT INTO rule_sets (number, name, version, source, reasons) VALUES (?, ?, ?, ?, ?)");
        insert.Bind(1, number).Bind(2, name).Bind(3, version).Bind(4, source).Bind(5, JsonSerializer.Serialize(reasons)).Run();
        return number;
    }

    public string Pin(string setting, string value)
    {
        using var insert = _connection.Prepare("INSERT OR IGNORE INTO settings (name, value) VALUES (?, ?)");
        insert.Bind(1, setting).Bind(2, value).Run();
        using var find = _connection.Prepare("SELECT value FROM settings WHERE name = ?");
        find.Bind(1, setting).Step();
        return find.Text(0);
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[_begin, _commit, _rollback, _append, _account, _alert, _snapshot, _poison])
        {
            statement.Dispose();
        }
    }

    private void Write(JournalBatch batch)
    {
        batch.Positions.Clear();
        Span<byte> alertId = stackalloc byte[16];
        foreach (ref readonly var append in batch.Appends)
        {
            if (append.Account.Number == 0)
            {
                _account.Bind(1, _nextAccount).Bind(2, append.Account.Id).Run();
                append.Account.Number = _nextAccount++;
                _numbered.Add(append.Account);
            }

            var position = _nextPosition++;
            _append.Bind(1, position).Bind(2, append.Account.Number).Bind(3, append.Sequence).Bind(4, (long)append.IdHash).Bind(5, batch.Entry(append)).Run();
            batch.Positions.Add(position);
            if (append.AlertId != default)
            {
                append.AlertId.Write(alertId);
                _alert.Bind(1, position).Bind(2, append.Account.Number).Bind(3, alertId).Run();
            }
        }

        foreach (ref readonly var snapshot in batch.Snapshots)
        {
            _snapshot.Bind(1, snapshot.Account.Number).Bind(2, snapshot.Sequence).Bind(3, snapshot.State).Run();
        }

        foreach (ref readonly var poison in batch.Poison)
        {
            _poison.Bind(1, poison.AccountId).Bind(2, poison.TransactionId).Bind(3, poison.Reason).Run();
        }
    }

    private void Undo()
    {
        foreach (var account in _numbered)
        {
            account.Number = 0;
        }

        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }

        FindEnds();
    }

    private void FindEnds()
    {
        _nextPosition = _connection.Scalar("SELECT max(position) FROM journal") + 1;
        _nextAccount = _connection.Scalar("SELECT max(number) FROM accounts") + 1;
    }
}

using System.Diagnostics.CodeAnalysis;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>
/// The journal's numbers of entities, found by their keys. Those used last are in memory, at most <see cref="CachedMax"/>; the others are looked up in their
/// table. Called on the writing thread only.
/// </summary>
internal sealed class EntityNumbers : IDisposable
{
    public const int CachedMax = 100_000;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _insert;
    private readonly IdComparer _comparer = new();

    // When the recent half is full it becomes the older one, whose keys come back when they are used: what nobody uses is forgotten.
    private Dictionary<byte[], long> _recent;
    private Dictionary<byte[], long> _older;
    private Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _findRecent;
    private Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _findOlder;
    private long _next;

    public EntityNumbers(SqliteConnection connection)
    {
        _connection = connection;
        _find = connection.Prepare("SELECT number FROM entities WHERE key = ?");
        _insert = connection.Prepare("INSERT INTO entities (number, key) VALUES (?, ?)");
        Forget();
    }

    /// <summary>0 where no stored entry names the entity.</summary>
    public long Find(ReadOnlySpan<byte> key)
    {
        if (_findRecent.TryGetValue(key, out var number))
        {
            return number;
        }

        if (!_findOlder.TryGetValue(key, out number))
        {
            using (_find.Rows())
            {
                number = _find.Bind(1, key).Step() ? _find.Int64(0) : 0;
            }
        }

        return number == 0 ? 0 : Remember(key, number);
    }

    /// <summary>Finds the number, or gives one within the transaction that is open. Where that is undone, <see cref="Forget"/> must be called.</summary>
    public long FindOrAdd(ReadOnlySpan<byte> key)
    {
        if (Find(key) is var number and > 0)
        {
            return number;
        }

        _insert.Bind(1, _next).Bind(2, key).Run();
        return Remember(key, _next++);
    }

    /// <summary>Forgets what is in memory, as the table has changed otherwise.</summary>
    [MemberNotNull(nameof(_recent), nameof(_older))]
    public void Forget()
    {
        _recent = new(_comparer);
        _older = new(_comparer);
        _findRecent = _recent.GetAlternateLookup<ReadOnlySpan<byte>>();
        _findOlder = _older.GetAlternateLookup<ReadOnlySpan<byte>>();
        _next = _connection.Scalar("SELECT max(number) FROM entities") + 1;
    }

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
    }

    private long Remember(ReadOnlySpan<byte> key, long number)
    {
        if (_recent.Count >= CachedMax / 2)
        {
            (_recent, _older) = (_older, _recent);
            (_findRecent, _findOlder) = (_findOlder, _findRecent);
            _recent.Clear();
        }

        _findRecent[key] = number;
        return number;
    }
}

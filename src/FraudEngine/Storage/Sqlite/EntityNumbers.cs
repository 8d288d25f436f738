namespace FraudEngine.Storage.Sqlite;

/// <summary>The numbers of entities: those that were asked for lately are at hand. Called on the writing thread only.</summary>
internal sealed class EntityNumbers : IDisposable
{
    /// <summary>When so many are at hand, all are forgotten, and the table is asked again.</summary>
    private const int KeptMax = 200_000;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _find;
    private readonly SqliteStatement _insert;
    private readonly Dictionary<byte[], long> _numbers;
    private readonly Dictionary<byte[], long>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly List<byte[]> _uncommitted = [];
    private long _next;

    public EntityNumbers(SqliteConnection connection)
    {
        _connection = connection;
        _find = connection.Prepare("SELECT number FROM entities WHERE key = ?");
        _insert = connection.Prepare("INSERT INTO entities (number, key) VALUES (?, ?)");
        _numbers = new(KeyComparer.Instance);
        _lookup = _numbers.GetAlternateLookup<ReadOnlySpan<byte>>();
        FindNext();
    }

    /// <summary>The number of an entity, which gets one where it is new.</summary>
    public long Of(ReadOnlySpan<byte> key)
    {
        if (_lookup.TryGetValue(key, out var number))
        {
            return number;
        }

        if (_numbers.Count >= KeptMax)
        {
            _numbers.Clear();
        }

        var kept = key.ToArray();
        using (_find.Rows())
        {
            number = _find.Bind(1, key).Step() ? _find.Int64(0) : 0;
        }

        if (number == 0)
        {
            number = _next++;
            _insert.Bind(1, number).Bind(2, key).Run();
            _uncommitted.Add(kept);
        }

        _numbers.Add(kept, number);
        return number;
    }

    public void Committed() => _uncommitted.Clear();

    /// <summary>Forgets the entities that were new in a commit that failed.</summary>
    public void Undo()
    {
        foreach (var key in _uncommitted)
        {
            _numbers.Remove(key);
        }

        _uncommitted.Clear();
        FindNext();
    }

    /// <summary>Forgets what is at hand: the table was changed.</summary>
    public void Clear()
    {
        _numbers.Clear();
        FindNext();
    }

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
    }

    private void FindNext() => _next = _connection.Scalar("SELECT max(number) FROM entities") + 1;

    private sealed class KeyComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static KeyComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        // Seeded by the runtime, so that no sender can make keys collide.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}

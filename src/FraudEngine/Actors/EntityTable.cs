namespace FraudEngine.Actors;

/// <summary>
/// The entities resident in one shard, found by the UTF-8 of their id. Who is to leave follows by the second chance (Corbató 1968): finding one only marks it, where keeping all in the order of their
/// last use would write to its neighbours too, which are seldom in the processor's cache. Called only from the turn loop.
/// </summary>
public sealed class EntityTable<TEntity>
    where TEntity : Entity
{
    private readonly Dictionary<byte[], TEntity> _byId;
    private readonly Dictionary<byte[], TEntity>.AlternateLookup<ReadOnlySpan<byte>> _bySpan;
    private Entity? _newest;
    private Entity? _oldest;

    /// <param name="hash">The hash of an id; the same as the one that routes to shards spares computing two.</param>
    public EntityTable(Func<ReadOnlySpan<byte>, int> hash)
    {
        _byId = new(new IdComparer(hash));
        _bySpan = _byId.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => _byId.Count;

    public Dictionary<byte[], TEntity>.ValueCollection All => _byId.Values;

    /// <summary>Finds an entity and marks it as used.</summary>
    public TEntity? Find(ReadOnlySpan<byte> id)
    {
        if (!_bySpan.TryGetValue(id, out var entity))
        {
            return null;
        }

        entity.IsUsed = true;
        return entity;
    }

    /// <summary>The one that is to leave first: that came first of those that were not used since they came or were passed over. Those before it, which were, are passed over.</summary>
    public TEntity? FindUnused()
    {
        while (_oldest is { IsUsed: true } used)
        {
            used.IsUsed = false;
            PassOver((TEntity)used);
        }

        return (TEntity?)_oldest;
    }

    /// <summary>Lets all others leave before this one.</summary>
    public void PassOver(TEntity entity)
    {
        if (_newest != entity)
        {
            Unlink(entity);
            LinkNewest(entity);
        }
    }

    /// <summary>Adds an entity; all others leave before it.</summary>
    public void Add(TEntity entity)
    {
        _byId.Add(entity.Id, entity);
        LinkNewest(entity);
    }

    public void Remove(TEntity entity)
    {
        _byId.Remove(entity.Id);
        Unlink(entity);
    }

    public void Clear()
    {
        _byId.Clear();
        _newest = _oldest = null;
    }

    private void LinkNewest(Entity entity)
    {
        entity.Older = _newest;
        entity.Newer = null;
        if (_newest is null)
        {
            _oldest = entity;
        }
        else
        {
            _newest.Newer = entity;
        }

        _newest = entity;
    }

    private void Unlink(Entity entity)
    {
        if (entity.Newer is null)
        {
            _newest = entity.Older;
        }
        else
        {
            entity.Newer.Older = entity.Older;
        }

        if (entity.Older is null)
        {
            _oldest = entity.Newer;
        }
        else
        {
            entity.Older.Newer = entity.Newer;
        }

        entity.Older = entity.Newer = null;
    }

    private sealed class IdComparer(Func<ReadOnlySpan<byte>, int> hash) : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => hash(obj);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate) => hash(alternate);

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}

using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Engine.Visiting;

/// <summary>
/// Tells the entities of what was committed, before anybody is answered: whoever has an answer and sends the next transaction finds this one in the entity's
/// windows. Called only from the release loop.
/// </summary>
/// <param name="plans">The windows that are held now: entities of kinds without any have no actors.</param>
internal sealed class UpdateRouter(ShardRegion<EngineShard> region, Func<WindowPlans> plans)
{
    private readonly EntityUpdates?[] _byShard = new EntityUpdates?[region.Shards.Length];
    private readonly List<int> _touched = [];
    private WindowPlans _plans = plans();

    /// <summary>Begins a round.</summary>
    public void Begin() => _plans = plans();

    /// <summary>Adds what a request has appended to its batch, if it has.</summary>
    public void Add(ShardBatch batch, AccountRequest request)
    {
        if (request.AppendIndex < 0)
        {
            return;
        }

        foreach (var kind in _plans.Visited)
        {
            var id = request.EntityId(kind);
            if (!id.IsEmpty)
            {
                Add(kind, id, batch, request);
            }
        }
    }

    /// <summary>Sends the round.</summary>
    public void Flush()
    {
        foreach (var shard in _touched)
        {
            region.Shards[shard].Tell(_byShard[shard]!);
            _byShard[shard] = null;
        }

        _touched.Clear();
    }

    private void Add(EntityKind kind, ReadOnlySpan<byte> id, ShardBatch batch, AccountRequest request)
    {
        Span<byte> key = stackalloc byte[EntityKey.BytesMax];
        key = key[..EntityKey.Write(kind, id, key)];
        var shard = ShardRegion<EngineShard>.IndexOf(Hash64.Of(key), _byShard.Length);
        var updates = _byShard[shard];
        if (updates is null)
        {
            _byShard[shard] = updates = EntityUpdates.Take();
            _touched.Add(shard);
        }

        updates.Add(key, request.AccountId, batch.Entry(batch.Appends[request.AppendIndex]), batch.Positions[request.AppendIndex]);
    }
}

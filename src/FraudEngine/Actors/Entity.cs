namespace FraudEngine.Actors;

/// <summary>An actor that lives in a shard under an id.</summary>
public abstract class Entity(byte[] id)
{
    public byte[] Id { get; } = id;

    internal Entity? Newer { get; set; }

    internal Entity? Older { get; set; }
}

namespace FraudEngine.Actors;

/// <summary>An actor that lives in a shard under an id.</summary>
public abstract class Entity(byte[] id)
{
    public byte[] Id { get; } = id;

    /// <summary>Whether it was found since it came or was passed over.</summary>
    internal bool IsUsed { get; set; }

    internal Entity? Newer { get; set; }

    internal Entity? Older { get; set; }
}

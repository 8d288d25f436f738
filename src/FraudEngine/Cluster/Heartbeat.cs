namespace FraudEngine.Cluster;

/// <summary>What each node says to all every second, and at once when it changes.</summary>
/// <param name="Number">Rises with each of a life's.</param>
/// <param name="Connection">Counts how often the life has connected to the broker: what was under way to it before is lost.</param>
/// <param name="StartedTicks">By the node's own clock; compared only between lives of one name.</param>
/// <param name="Shards">How many there are.</param>
/// <param name="Owned">Bits by shard.</param>
internal sealed record Heartbeat(
    string Life, string Name, string Url, MemberState State, long Number, long Connection, long StartedTicks, int Shards, byte[] Owned, NodeRates Rates)
{
    public bool Owns(int shard) => shard >> 3 < Owned.Length && (Owned[shard >> 3] & (1 << (shard & 7))) != 0;

    /// <summary>The bits of the shards for which a condition holds.</summary>
    public static byte[] BitsOf(int shards, Func<int, bool> isSet)
    {
        var bits = new byte[(shards + 7) / 8];
        for (var shard = 0; shard < shards; shard++)
        {
            bits[shard >> 3] |= (byte)(isSet(shard) ? 1 << (shard & 7) : 0);
        }

        return bits;
    }

    public void WriteTo(FrameWriter frame)
    {
        frame.Begin(FramePart.Heartbeat);
        frame.WriteText(Name);
        frame.WriteText(Url);
        frame.WriteByte((byte)State);
        frame.WriteInt64(Number);
        frame.WriteInt64(Connection);
        frame.WriteInt64(StartedTicks);
        frame.WriteInt32(Shards);
        frame.WriteInt32(Owned.Length);
        frame.WriteBytes(Owned);
        frame.WriteInt64(BitConverter.DoubleToInt64Bits(Rates.DecidedPerSecond));
        frame.WriteInt64(BitConverter.DoubleToInt64Bits(Rates.ForwardedPerSecond));
        frame.WriteInt32(Rates.InFlight);
        frame.WriteInt64(BitConverter.DoubleToInt64Bits(Rates.Lag));
        frame.End();
    }

    public static Heartbeat Read(ref FrameReader part)
    {
        var name = part.ReadText();
        var url = part.ReadText();
        var state = (MemberState)part.ReadByte();
        var number = part.ReadInt64();
        var connection = part.ReadInt64();
        var started = part.ReadInt64();
        var shards = part.ReadInt32();
        var owned = part.Read(part.ReadInt32()).ToArray();
        var rates = new NodeRates(ReadDouble(ref part), ReadDouble(ref part), part.ReadInt32(), ReadDouble(ref part));
        return Enum.IsDefined(state) && state != MemberState.None
            ? new Heartbeat(part.Life, name, url, state, number, connection, started, shards, owned, rates)
            : throw new InvalidDataException("A node says that it is in a state that does not exist.");

        static double ReadDouble(ref FrameReader part) => BitConverter.Int64BitsToDouble(part.ReadInt64());
    }
}

/// <summary>How a node stands to the cluster.</summary>
internal enum MemberState
{
    None,

    /// <summary>It has not begun to take shards.</summary>
    Starting,

    Ready,

    /// <summary>It wants its part of the shards, but has not yet heard for long enough who is there: nobody hands one over to it, as it would not take it.</summary>
    Joining,

    /// <summary>It hands its shards over and ends.</summary>
    Leaving,

    /// <summary>It can't reach the database.</summary>
    Apart,
}

/// <summary>What a node does, lately: see <see cref="MemberView"/>.</summary>
internal readonly record struct NodeRates(double DecidedPerSecond, double ForwardedPerSecond, int InFlight, double Lag);

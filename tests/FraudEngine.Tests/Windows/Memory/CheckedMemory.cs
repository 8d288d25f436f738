using FraudEngine.Windows.Memory;

namespace FraudEngine.Tests.Windows.Memory;

/// <summary>An arena whose blocks hold rubbish when they are taken and once they are given back, and which sees to it that each is given back once.</summary>
internal sealed class CheckedMemory : HistoryMemory
{
    private readonly HistoryArena _arena = new();
    private readonly Random _rubbish = new(20);
    private readonly Dictionary<(byte[] Block, int Start), int> _taken = [];

    /// <summary>Blocks that are not given back.</summary>
    public int Left => _taken.Count;

    /// <summary>Bytes of the arena's chunks that are not given back.</summary>
    public long BytesLeft => _arena.Taken;

    public override byte[] Take(int bytes, out int start)
    {
        var block = _arena.Take(bytes, out start);
        _taken.Add((block, start), bytes);
        _rubbish.NextBytes(block.AsSpan(start, bytes));
        return block;
    }

    public override void GiveBack(byte[] block, int start)
    {
        if (block.Length > 0)
        {
            Assert.True(_taken.Remove((block, start), out var bytes), "A block was given back that is not taken.");
            _rubbish.NextBytes(block.AsSpan(start, bytes));
            _arena.GiveBack(block, start);
        }
    }
}

using FraudEngine.Windows.Memory;

namespace FraudEngine.Tests.Windows.Memory;

public sealed class HistoryArenaTests
{
    private readonly HistoryArena _arena = new();
    private readonly List<Held> _held = [];

    [Fact]
    public void What_a_block_holds_stays_as_it_is_whatever_happens_to_others()
    {
        var random = new Random(Soak.IsOn ? Environment.TickCount : 7);
        for (var step = 0; step < Soak.Times(40_000, 2_000_000); step++)
        {
            // More and fewer by turns, so that chunks come and go.
            var isGrowing = step / 4_000 % 2 == 0;
            if (_held.Count == 0 || random.Next(100) < (isGrowing ? 70 : 30))
            {
                Take(random, random.Next(6) switch { 0 => random.Next(1, 40_000), 1 => random.Next(1, 3_000), _ => random.Next(1, 300) });
            }
            else
            {
                GiveBack(random.Next(_held.Count));
            }
        }

        while (_held.Count > 0)
        {
            GiveBack(random.Next(_held.Count));
        }

        Assert.Equal(0, _arena.Taken);
        AssertOneChunk();
    }

    [Fact]
    public void Blocks_that_grow_by_turns_leave_few_holes()
    {
        // As the histories of ten thousand accounts, in any order.
        var random = new Random(7);
        var lengths = new int[10_000];
        var blocks = new (byte[] Block, int Start)[lengths.Length];
        Array.Fill(blocks, ([], 0));
        for (var step = 0; step < 200_000; step++)
        {
            var account = random.Next(lengths.Length);
            lengths[account] += Math.Max(100, lengths[account] / 4) + random.Next(20);
            var grown = _arena.Take(lengths[account], out var start);
            _arena.GiveBack(blocks[account].Block, blocks[account].Start);
            blocks[account] = (grown, start);
        }

        Assert.InRange(_arena.Size, _arena.Taken, _arena.Taken * 5 / 4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(1 << 15)]
    public void Blocks_of_any_length_lie_in_chunks_and_are_taken_again(int bytes)
    {
        var first = _arena.Take(bytes, out var start);
        var second = _arena.Take(bytes, out var behind);
        Assert.Same(first, second);
        Assert.InRange(behind - start, bytes, bytes + 16);
        Assert.InRange(_arena.Taken, 2 * bytes, 2 * (bytes + 16));

        _arena.GiveBack(first, start);
        Assert.Same(first, _arena.Take(bytes, out var again));
        Assert.Equal(start, again);
    }

    [Fact]
    public void A_large_block_is_an_array_of_its_own()
    {
        var block = _arena.Take((1 << 15) + 1, out var start);
        Assert.Equal((0, (1 << 15) + 1), (start, block.Length));
        _arena.GiveBack(block, start);
        Assert.Equal((0, 0), (_arena.Size, _arena.Taken));
    }

    [Fact]
    public void A_cleared_arena_begins_anew_and_leaves_what_was_taken_alone()
    {
        var before = _arena.Take(100, out var start);
        before.AsSpan(start, 100).Fill(1);
        _arena.Clear();
        Assert.Equal((0, 0), (_arena.Size, _arena.Taken));

        _arena.Take(100, out var anew).AsSpan(anew, 100).Fill(2);
        Assert.Equal(100, before.AsSpan(start, 100).Count((byte)1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_block_has_bytes(int bytes) => Assert.Throws<ArgumentOutOfRangeException>(() => _arena.Take(bytes, out _));

    private void AssertOneChunk()
    {
        _arena.Take(1, out _);
        var size = _arena.Size;
        _arena.Clear();
        _arena.Take(1, out _);
        Assert.Equal(_arena.Size, size);
    }

    private void Take(Random random, int bytes)
    {
        var block = _arena.Take(bytes, out var start);
        var content = (byte)random.Next(256);
        block.AsSpan(start, bytes).Fill(content);
        _held.Add(new Held(block, start, bytes, content));
    }

    private void GiveBack(int at)
    {
        var held = _held[at];
        Assert.Equal(held.Bytes, held.Block.AsSpan(held.Start, held.Bytes).Count(held.Content));
        _arena.GiveBack(held.Block, held.Start);
        _held[at] = _held[^1];
        _held.RemoveAt(_held.Count - 1);
    }

    private readonly record struct Held(byte[] Block, int Start, int Bytes, byte Content);
}

using System.Buffers.Binary;

namespace FraudEngine.Windows.Memory;

/// <summary>
/// Cuts the blocks of resident histories out of large chunks. The garbage collector sees the chunks alone, which it neither looks into nor moves; blocks of their own it would find and copy twice until they are
/// old, for a microsecond or two each, while everything waits. Two-level segregated fit (Masmano, Ripoll, Crespo, Real 2004): taking and giving back take the same short time however much there is,
/// and free neighbours become one, so that blocks can grow without leaving holes that nobody fits into.
/// </summary>
/// <remarks>
/// A chunk is its number (4 bytes), then blocks without gaps, then the head of a block of length 0. A block is a head (4 bytes: its length in grains, and whether it and the one before it are free) and its content. A free
/// one has in its content the next and the previous one of its size class, and in its last 4 bytes its length once more, by which the one behind finds its head.
/// </remarks>
public sealed class HistoryArena : HistoryMemory
{
    private const int ChunkBytes = 1 << 18;

    /// <summary>Larger blocks are arrays of their own: there are few, and chunks would be left half empty.</summary>
    private const int BlockBytesMax = 1 << 15;

    private const int HeadBytes = sizeof(uint);
    private const int FirstHead = sizeof(int);
    private const int GrainBytes = 8;
    private const int GrainsMin = 2;
    private const int ChunkGrains = (ChunkBytes - FirstHead - HeadBytes) / GrainBytes;

    /// <summary>Bits of a block's place that say where in its chunk it is.</summary>
    private const int GrainBits = 15;

    private const uint IsFree = 1;
    private const uint IsBehindFree = 2;
    private const int LengthShift = 2;
    private const int Nowhere = -1;

    private readonly List<byte[]?> _chunks = [];
    private readonly Stack<int> _numbersLeft = [];
    private readonly int[] _firstOf = new int[SizeClass.Count];
    private UInt128 _classesWithAny;
    private int _emptyChunks;

    public HistoryArena() => _firstOf.AsSpan().Fill(Nowhere);

    /// <summary>Bytes of all chunks.</summary>
    public long Size => (long)(_chunks.Count - _numbersLeft.Count) * ChunkBytes;

    /// <summary>Bytes of the blocks that are taken, without those that are arrays of their own.</summary>
    public long Taken { get; private set; }

    public override byte[] Take(int bytes, out int start)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        if (bytes > BlockBytesMax)
        {
            start = 0;
            return GC.AllocateUninitializedArray<byte>(bytes);
        }

        var grains = Math.Max(GrainsMin, (bytes + HeadBytes + GrainBytes - 1) / GrainBytes);
        var place = Find(grains);
        if (place == Nowhere)
        {
            place = AddChunk();
        }

        var chunk = ChunkOf(place);
        var head = HeadOf(place);
        var free = LengthAt(chunk, head);
        Unlink(chunk, head, free);
        if (free == ChunkGrains)
        {
            _emptyChunks--;
        }

        if (free - grains >= GrainsMin)
        {
            PutFree(chunk, head + (grains * GrainBytes), free - grains);
        }
        else
        {
            grains = free;
            SetFlag(chunk, head + (grains * GrainBytes), IsBehindFree, false);
        }

        // What is before a free block is taken, or they would be one.
        Write(chunk, head, (uint)grains << LengthShift);
        Taken += grains * GrainBytes;
        start = head + HeadBytes;
        return chunk;
    }

    public override void GiveBack(byte[] block, int start)
    {
        if (start == 0)
        {
            return;
        }

        var head = start - HeadBytes;
        var grains = LengthAt(block, head);
        Taken -= grains * GrainBytes;
        if ((Read(block, head) & IsBehindFree) != 0)
        {
            var before = (int)Read(block, head - sizeof(int));
            head -= before * GrainBytes;
            grains += before;
            Unlink(block, head, before);
        }

        var behind = head + (grains * GrainBytes);
        if ((Read(block, behind) & IsFree) != 0)
        {
            var length = LengthAt(block, behind);
            Unlink(block, behind, length);
            grains += length;
        }

        if (grains == ChunkGrains && _emptyChunks > 0)
        {
            // One empty chunk is kept, lest the next block brings it back.
            var number = (int)Read(block, 0);
            _chunks[number] = null;
            _numbersLeft.Push(number);
            return;
        }

        _emptyChunks += grains == ChunkGrains ? 1 : 0;
        PutFree(block, head, grains);
    }

    /// <summary>Drops all blocks at once, of histories that nobody asks any more.</summary>
    public void Clear()
    {
        _chunks.Clear();
        _numbersLeft.Clear();
        _firstOf.AsSpan().Fill(Nowhere);
        _classesWithAny = 0;
        _emptyChunks = 0;
        Taken = 0;
    }

    /// <summary>A free block of at least that length, best of its own class.</summary>
    private int Find(int grains)
    {
        var own = SizeClass.Of(grains);
        var first = _firstOf[own];
        if (first != Nowhere && LengthAt(ChunkOf(first), HeadOf(first)) >= grains)
        {
            return first;
        }

        var larger = _classesWithAny >> (own + 1);
        return larger == 0 ? Nowhere : _firstOf[own + 1 + (int)UInt128.TrailingZeroCount(larger)];
    }

    private int AddChunk()
    {
        var chunk = GC.AllocateUninitializedArray<byte>(ChunkBytes);
        if (!_numbersLeft.TryPop(out var number))
        {
            number = _chunks.Count;
            _chunks.Add(null);
        }

        _chunks[number] = chunk;
        _emptyChunks++;
        Write(chunk, 0, (uint)number);
        Write(chunk, ChunkBytes - HeadBytes, 0);
        PutFree(chunk, FirstHead, ChunkGrains);
        return number << GrainBits;
    }

    /// <summary>Makes a free block, behind which there is a taken one, and puts it in front of its class.</summary>
    private void PutFree(byte[] chunk, int head, int grains)
    {
        var end = head + (grains * GrainBytes);
        Write(chunk, head, ((uint)grains << LengthShift) | IsFree);
        Write(chunk, end - sizeof(int), (uint)grains);
        SetFlag(chunk, end, IsBehindFree, true);
        var own = SizeClass.Of(grains);
        var place = PlaceOf(chunk, head);
        var next = _firstOf[own];
        SetNext(chunk, head, next);
        SetPrevious(chunk, head, Nowhere);
        if (next != Nowhere)
        {
            SetPrevious(ChunkOf(next), HeadOf(next), place);
        }

        _firstOf[own] = place;
        _classesWithAny |= UInt128.One << own;
    }

    /// <summary>Takes a free block out of its class.</summary>
    private void Unlink(byte[] chunk, int head, int grains)
    {
        var own = SizeClass.Of(grains);
        var next = (int)Read(chunk, head + HeadBytes);
        var previous = (int)Read(chunk, head + HeadBytes + sizeof(int));
        if (next != Nowhere)
        {
            SetPrevious(ChunkOf(next), HeadOf(next), previous);
        }

        if (previous != Nowhere)
        {
            SetNext(ChunkOf(previous), HeadOf(previous), next);
        }
        else
        {
            _firstOf[own] = next;
            _classesWithAny &= next == Nowhere ? ~(UInt128.One << own) : UInt128.MaxValue;
        }
    }

    private byte[] ChunkOf(int place) => _chunks[place >> GrainBits]!;

    private static int HeadOf(int place) => FirstHead + ((place & ((1 << GrainBits) - 1)) * GrainBytes);

    private static int PlaceOf(byte[] chunk, int head) => ((int)Read(chunk, 0) << GrainBits) | ((head - FirstHead) / GrainBytes);

    private static int LengthAt(byte[] chunk, int head) => (int)(Read(chunk, head) >> LengthShift);

    private static void SetNext(byte[] chunk, int head, int place) => Write(chunk, head + HeadBytes, (uint)place);

    private static void SetPrevious(byte[] chunk, int head, int place) => Write(chunk, head + HeadBytes + sizeof(int), (uint)place);

    private static void SetFlag(byte[] chunk, int head, uint flag, bool isSet) => Write(chunk, head, isSet ? Read(chunk, head) | flag : Read(chunk, head) & ~flag);

    private static uint Read(byte[] chunk, int at) => BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(at));

    private static void Write(byte[] chunk, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(chunk.AsSpan(at), value);
}

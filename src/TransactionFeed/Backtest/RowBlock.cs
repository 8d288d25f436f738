using System.Buffers;
using FraudEngine.Trials;

namespace TransactionFeed.Backtest;

/// <summary>
/// Some whole lines of a file, as they are, and where each begins. Passed from the reader to all partitions, each of which takes the rows of its accounts, and back.
/// Reused: the bytes of a transaction are never copied into objects of its own.
/// </summary>
internal sealed class RowBlock
{
    private const int RowsMin = 1024;

    private int[] _starts = new int[RowsMin];
    private int[] _lengths = new int[RowsMin];
    private int[] _accountStarts = new int[RowsMin];
    private ushort[] _accountLengths = new ushort[RowsMin];
    private Label[] _labels = new Label[RowsMin];
    private int _undone;
    private byte[] _unescaped = new byte[256];
    private int _unescapedCount;

    public RowBlock(int bytes, int partitions)
    {
        Bytes = new byte[bytes];
        RowsOf = [.. Enumerable.Range(0, partitions).Select(_ => new List<int>(RowsMin))];
        Answers = [.. Enumerable.Range(0, partitions).Select(_ => new RowAnswers())];
    }

    public byte[] Bytes { get; }

    public int Count { get; private set; }

    /// <summary>The number of the first row in the whole input, from 1.</summary>
    public long FirstNumber { get; private set; }

    /// <summary>What the file's header says; null for NDJSON.</summary>
    public CsvShape? Shape { get; private set; }

    public bool HasQuotes { get; private set; }

    /// <summary>The rows of each partition, in order.</summary>
    public List<int>[] RowsOf { get; }

    /// <summary>What each partition answers to its rows, where that is asked for.</summary>
    public RowAnswers[] Answers { get; }


    public void Begin(long firstNumber, CsvShape? shape, bool hasQuotes)
    {
        Count = 0;
        FirstNumber = firstNumber;
        Shape = shape;
        HasQuotes = hasQuotes;
        _undone = RowsOf.Length;
        _unescapedCount = 0;
        foreach (var rows in RowsOf)
        {
            rows.Clear();
        }
    }

    /// <summary>Adds a row. Its account is part of <see cref="Bytes"/>, empty, or a text that had to be unescaped.</summary>
    public void Add(int partition, int start, int length, ReadOnlySpan<byte> account, Label label)
    {
        if (Count == _starts.Length)
        {
            Array.Resize(ref _starts, Count * 2);
            Array.Resize(ref _lengths, Count * 2);
            Array.Resize(ref _accountStarts, Count * 2);
            Array.Resize(ref _accountLengths, Count * 2);
            Array.Resize(ref _labels, Count * 2);
        }

        _starts[Count] = start;
        _lengths[Count] = length;
        _accountStarts[Count] = Bytes.AsSpan().Overlaps(account, out var offset) ? offset : ~Keep(account);
        _accountLengths[Count] = (ushort)account.Length;
        _labels[Count] = label;
        RowsOf[partition].Add(Count++);
    }

    public ReadOnlySpan<byte> Line(int row) => Bytes.AsSpan(_starts[row], _lengths[row]);

    public ReadOnlyMemory<byte> LineMemory(int row) => Bytes.AsMemory(_starts[row], _lengths[row]);

    /// <summary>Empty where the row names none that could be one.</summary>
    public ReadOnlySpan<byte> Account(int row) => _accountStarts[row] >= 0
        ? Bytes.AsSpan(_accountStarts[row], _accountLengths[row])
        : _unescaped.AsSpan(~_accountStarts[row], _accountLengths[row]);

    public Label Label(int row) => _labels[row];

    /// <summary>A partition has done its rows. Whether it was the last one.</summary>
    public bool SetDone() => Interlocked.Decrement(ref _undone) == 0;

    private int Keep(ReadOnlySpan<byte> account)
    {
        if (_unescapedCount + account.Length > _unescaped.Length)
        {
            Array.Resize(ref _unescaped, (_unescapedCount + account.Length) * 2);
        }

        var start = _unescapedCount;
        account.CopyTo(_unescaped.AsSpan(start));
        _unescapedCount += account.Length;
        return start;
    }
}

/// <summary>A partition's answers to its rows of a block, as they stand in the decisions file, in any order.</summary>
internal sealed class RowAnswers
{
    private readonly List<(int Row, int Start)> _rows = [];

    public ArrayBufferWriter<byte> Bytes { get; } = new(4096);

    public void Clear()
    {
        Bytes.ResetWrittenCount();
        _rows.Clear();
    }

    /// <summary>What is written from now on answers this row.</summary>
    public void Begin(int row) => _rows.Add((row, Bytes.WrittenCount));

    /// <summary>Puts each answer at its row's place.</summary>
    public void CopyTo(Span<ReadOnlyMemory<byte>> answers)
    {
        for (var i = 0; i < _rows.Count; i++)
        {
            var end = i + 1 < _rows.Count ? _rows[i + 1].Start : Bytes.WrittenCount;
            answers[_rows[i].Row] = Bytes.WrittenMemory[_rows[i].Start..end];
        }
    }
}

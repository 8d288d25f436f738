using System.IO.Compression;
using FraudEngine.Domain;
using FraudEngine.Trials;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;

namespace TransactionFeed.Backtest;

/// <summary>Reads files, one after the other, into blocks of whole lines, and finds for each whose it is. One thread at a time.</summary>
internal sealed class BlockReader : IDisposable
{
    private const string StandardInput = "-";

    // 64 characters of UTF-8: a longer text is no account's id.
    private const int AccountBytesMax = 4 * Transaction.IdCharactersMax;

    private readonly Queue<string> _paths;
    private readonly InputFormat _format;
    private readonly Func<ReadOnlySpan<byte>, int> _partitionOf;
    private readonly long _limit;
    private readonly bool _areLabels;
    private readonly JsonPeek _peek = new();
    private readonly CsvCells _cells = new();
    private byte[] _carry = [];
    private Stream? _stream;
    private string _path = "";
    private CsvShape? _shape;
    private bool _isBegun;
    private bool _isSkipping;
    private long _rows;
    private long _rowsBefore;
    private long _bytesRead;

    /// <summary><paramref name="format"/> None looks at each file's content. Throws where a file is not there, before anything is read.</summary>
    /// <param name="areLabels">Whether the files say only what transactions turned out to be.</param>
    public BlockReader(IReadOnlyList<string> paths, InputFormat format, Func<ReadOnlySpan<byte>, int> partitionOf, long limit, bool areLabels = false)
    {
        _areLabels = areLabels;
        _paths = new Queue<string>(paths);
        _format = format;
        _partitionOf = partitionOf;
        _limit = limit;
        if (paths.FirstOrDefault(path => path != StandardInput && !File.Exists(path)) is { } missing)
        {
            throw FeedException.Usage($"{missing}: there is no such file.");
        }

        BytesTotal = paths.Contains(StandardInput) ? null : paths.Sum(path => new FileInfo(path).Length);
    }

    /// <summary>As the files lie on disk; null where standard input is among them.</summary>
    public long? BytesTotal { get; }

    public long BytesRead => Volatile.Read(ref _bytesRead);

    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Fills a block; false where there is nothing left.</summary>
    public bool Fill(RowBlock block)
    {
        while (_rows < _limit && (_stream is not null || TryOpen()))
        {
            var count = Read(block.Bytes);
            var isLast = count < block.Bytes.Length;
            var start = _isBegun ? 0 : Begin(block.Bytes.AsSpan(0, count), isLast);
            var hasQuotes = _shape is not null && block.Bytes.AsSpan(start, count - start).Contains((byte)'"');
            block.Begin(_rows + 1, _shape, hasQuotes);
            Split(block, start, count, isLast);
            if (isLast)
            {
                _stream!.Dispose();
                _stream = null;
            }

            if (block.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _stream?.Dispose();

    /// <summary>As much as there is room for, what was carried over first.</summary>
    private int Read(byte[] bytes)
    {
        _carry.CopyTo(bytes, 0);
        try
        {
            return _carry.Length + _stream!.ReadAtLeast(bytes.AsSpan(_carry.Length), bytes.Length - _carry.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw FeedException.Failed($"{_path}: {e.Message}");
        }
    }

    private bool TryOpen()
    {
        if (!_paths.TryDequeue(out var path))
        {
            return false;
        }

        _path = path;
        _rowsBefore = _rows;
        _carry = [];
        _isBegun = false;
        _isSkipping = false;
        try
        {
            var file = new CountingStream(
                path == StandardInput ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 256 * 1024),
                count => Interlocked.Add(ref _bytesRead, count));
            var beginning = new byte[2];
            beginning = beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
            var whole = new PrefixedStream(beginning, file);
            _stream = beginning is [0x1f, 0x8b] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FeedException.Usage($"{path}: {e.Message}");
        }
    }

    /// <summary>Looks at the beginning of a file, and returns where its rows begin.</summary>
    private int Begin(ReadOnlySpan<byte> beginning, bool isWhole)
    {
        _isBegun = true;
        _shape = null;
        var guess = InputFormatGuess.Of(beginning);
        var format = _format == InputFormat.None || (_format == InputFormat.NativeCsv && guess == InputFormat.NativeJson) ? guess : _format;
        var start = beginning.StartsWith("\uFEFF"u8) ? 3 : 0;
        if (format == InputFormat.NativeJson || (beginning.Length == 0 && isWhole))
        {
            return start;
        }

        if (format == InputFormat.None)
        {
            throw FeedException.Usage(
                $"{_path}: its first line is neither JSON nor a header with the contract's names (transactionId, …) or the handbook's (TRANSACTION_ID, …).");
        }

        var length = RecordLength(beginning[start..], hasQuotes: true);
        var header = beginning.Slice(start, length < 0 ? beginning.Length - start : length);
        _shape = CsvShape.Of(_path, header.TrimEnd((byte)'\r'), format == InputFormat.HandbookCsv, _areLabels);
        return Math.Min(start + header.Length + 1, beginning.Length);
    }

    private void Split(RowBlock block, int start, int count, bool isLast)
    {
        while (start < count && _rows < _limit)
        {
            var length = RecordLength(block.Bytes.AsSpan(start, count - start), block.HasQuotes);
            if (length < 0 && !isLast)
            {
                break;
            }

            length = length < 0 ? count - start : length;
            if (_isSkipping)
            {
                _isSkipping = false;
            }
            else
            {
                AddRow(block, start, length);
            }

            start = Math.Min(start + length + 1, count);
        }

        Carry(block, start, isLast || _rows >= _limit ? start : count);
    }

    /// <summary>Keeps the beginning of the next line; of one that is too long, what is enough to say so.</summary>
    private void Carry(RowBlock block, int start, int count)
    {
        if (count - start <= TransactionReader.TextBytesMax)
        {
            _carry = _isSkipping ? [] : block.Bytes[start..count];
            return;
        }

        if (!_isSkipping)
        {
            AddRow(block, start, TransactionReader.TextBytesMax + 1);
        }

        _isSkipping = true;
        _carry = [];
    }

    private void AddRow(RowBlock block, int start, int length)
    {
        var line = block.Bytes.AsSpan(start, length);
        if (line is [.., (byte)'\r'])
        {
            line = line[..^1];
        }

        if (_shape is null)
        {
            var trimmed = line.TrimStart(" \t"u8);
            start += line.Length - trimmed.Length;
            line = trimmed.TrimEnd(" \t"u8);
        }

        if (line.IsEmpty)
        {
            return;
        }

        var account = Account(block, line, start, out var label);
        if (account.Length > AccountBytesMax)
        {
            account = [];
        }

        block.Add(_partitionOf(account), start, line.Length, account, label);
        Volatile.Write(ref _rows, _rows + 1);
    }

    /// <summary>Empty where the row names none.</summary>
    private ReadOnlySpan<byte> Account(RowBlock block, ReadOnlySpan<byte> line, int start, out Label label)
    {
        label = Label.None;
        if (_shape is null)
        {
            return line.Length > TransactionReader.TextBytesMax ? [] : _peek.Read(line, Place, out label);
        }

        if (line.Length > TransactionReader.TextBytesMax)
        {
            throw FeedException.Failed($"{Place}: longer than 16 KiB.");
        }

        ReadOnlySpan<byte> account = [];
        ReadOnlySpan<byte> fraud = [];
        if (block.HasQuotes && line.Contains((byte)'"'))
        {
            _cells.Split(block.Bytes.AsMemory(start, line.Length));
            account = _shape.Account < _cells.Count ? _cells[_shape.Account] : [];
            fraud = _shape.Fraud >= 0 && _shape.Fraud < _cells.Count ? _cells[_shape.Fraud] : [];
        }
        else
        {
            var last = Math.Max(_shape.Account, _shape.Fraud);
            for (var column = 0; column <= last && line.Length > 0; column++)
            {
                var comma = line.IndexOf((byte)',');
                var cell = comma < 0 ? line : line[..comma];
                account = column == _shape.Account ? cell : account;
                fraud = column == _shape.Fraud ? cell : fraud;
                line = comma < 0 ? [] : line[(comma + 1)..];
            }
        }

        return LabelText.TryRead(fraud, out label) ? account : throw FeedException.Failed($"{Place}: whether it was fraud must be 1, 0, true or false.");
    }

    private string Place => $"{_path}: record {_rows - _rowsBefore + 1}";

    /// <summary>Up to its line feed, which is not part of it; -1 where that is not there yet. Between quotes a line feed is a part of a cell.</summary>
    private static int RecordLength(ReadOnlySpan<byte> text, bool hasQuotes)
    {
        if (!hasQuotes)
        {
            return text.IndexOf((byte)'\n');
        }

        var isQuoted = false;
        for (var at = 0; at < text.Length; at++)
        {
            var next = isQuoted ? text[at..].IndexOf((byte)'"') : text[at..].IndexOfAny((byte)'\n', (byte)'"');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (text[at] == (byte)'\n')
            {
                return at;
            }

            isQuoted = !isQuoted;
        }

        return -1;
    }
}

using System.IO.Compression;
using System.Text;
using TransactionFeed.Backtest;
using TransactionFeed.CommandLine;
using TransactionFeed.Input;

namespace TransactionFeed.Evaluate;

/// <summary>
/// Reads some named fields of a file, record by record: CSV (RFC 4180) with a header, or NDJSON; plain or .gz. Blank lines don't count. Memory is bounded by
/// <see cref="RecordBytesMax"/>. One thread.
/// </summary>
internal sealed class FieldFile : IDisposable
{
    public const int RecordBytesMax = 1 << 20;

    private const string StandardInput = "-";

    private readonly string _path;
    private readonly IReadOnlyList<string[]> _names;
    private readonly int[] _columns;
    private readonly CsvCells _cells = new();
    private readonly JsonFields _json;
    private readonly byte[] _buffer = new byte[2 * RecordBytesMax];
    private readonly Stream _stream;
    private readonly bool _isJson;
    private int _start;
    private int _end;
    private bool _isEnded;

    /// <summary>Throws, with a line for the user, where the file can't be read.</summary>
    /// <param name="names">For each field the names that it may have, and that count in this order.</param>
    public FieldFile(string path, IReadOnlyList<string[]> names, Action<int> onRead)
    {
        _path = path;
        _names = names;
        _json = new JsonFields(names);
        _columns = new int[names.Count];
        _stream = Open(path, onRead);
        try
        {
            Fill();
            _start = _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8) ? 3 : 0;
            _isJson = _buffer.AsSpan(_start, _end - _start).TrimStart(" \r\n\t"u8).StartsWith("{"u8);
            if (!_isJson)
            {
                ReadHeader();
            }
        }
        catch (FeedException)
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The number of the record last read, from 1.</summary>
    public long Record { get; private set; }

    /// <summary>The file and record, for messages.</summary>
    public string Place => $"{_path}: record {Record}";

    /// <summary>A field of the record last read, valid until the next is read; empty where it has none.</summary>
    public ReadOnlySpan<byte> this[int field] => _isJson ? _json[field] : _columns[field] >= 0 && _columns[field] < _cells.Count ? _cells[_columns[field]] : [];

    /// <summary>Whether records may have the field: the header names it, or there is no header.</summary>
    public bool Has(int field) => _isJson || _columns[field] >= 0;

    /// <summary>Throws where the header does not name the field.</summary>
    public void Require(int field)
    {
        if (!Has(field))
        {
            throw FeedException.Usage($"{_path}: its header names no column for {string.Join(" or ", _names[field])}.");
        }
    }

    /// <summary>
    /// Makes the process take a .gz file that breaks off for an error, where the platform would take it for a short one: figures of half a file look like any others.
    /// To be called before the first file is opened.
    /// </summary>
    public static void RefuseTruncatedGzip() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    public bool Read()
    {
        while (TryTake(out var record))
        {
            if (record.IsEmpty)
            {
                continue;
            }

            Record++;
            if (_isJson)
            {
                _json.Read(record.Span);
            }
            else
            {
                _cells.Split(record);
            }

            return true;
        }

        return false;
    }

    public void Dispose() => _stream.Dispose();

    private static Stream Open(string path, Action<int> onRead)
    {
        try
        {
            var file = new CountingStream(
                path == StandardInput ? Console.OpenStandardInput() : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 256 * 1024), onRead);
            var beginning = new byte[2];
            beginning = beginning[..file.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false)];
            var whole = new PrefixedStream(beginning, file);
            return beginning is [0x1f, 0x8b] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw FeedException.Usage($"{path}: there is no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FeedException.Usage($"{path}: {e.Message}");
        }
    }

    private void ReadHeader()
    {
        if (!TryTake(out var header))
        {
            throw FeedException.Usage($"{_path} is empty; a header with the columns' names is needed, or JSON.");
        }

        _cells.Split(header);
        string[] columns = [.. Enumerable.Range(0, _cells.Count).Select(i => Encoding.UTF8.GetString(_cells[i]).Trim())];
        for (var field = 0; field < _columns.Length; field++)
        {
            _columns[field] = _names[field].Select(name => Array.IndexOf(columns, name)).FirstOrDefault(static column => column >= 0, -1);
        }
    }

    /// <summary>The next record, without its line end; false at the end of the file.</summary>
    private bool TryTake(out ReadOnlyMemory<byte> record)
    {
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = RecordLength(rest);
            if (length < 0 && !_isEnded)
            {
                if (rest.Length > RecordBytesMax)
                {
                    throw FeedException.Failed($"{_path}: record {Record + 1} is longer than 1 MiB; is a quote open?");
                }

                Fill();
                continue;
            }

            if (length < 0 && !_isJson && rest.Count((byte)'"') % 2 != 0)
            {
                throw FeedException.Failed($"{_path}: the quote that opens in record {Record + 1} is not closed.");
            }

            record = _buffer.AsMemory(_start, length < 0 ? rest.Length : length);
            _start = Math.Min(_start + record.Length + 1, _end);
            if (record.Span is [.., (byte)'\r'])
            {
                record = record[..^1];
            }

            return length >= 0 || !rest.IsEmpty;
        }
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        try
        {
            var count = _stream.ReadAtLeast(_buffer.AsSpan(_end), _buffer.Length - _end, throwOnEndOfStream: false);
            _isEnded = count < _buffer.Length - _end;
            _end += count;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw FeedException.Failed($"{_path}: {e.Message}");
        }
    }

    /// <summary>Up to its line feed; -1 where that is not there yet. Between quotes of a CSV file a line feed is a part of a cell.</summary>
    private int RecordLength(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOf((byte)'\n');
        var quotes = text[..Math.Max(length, 0)].Count((byte)'"');
        while (length >= 0 && !_isJson && quotes % 2 != 0)
        {
            var next = text[(length + 1)..].IndexOf((byte)'\n');
            if (next < 0)
            {
                return -1;
            }

            quotes += text.Slice(length + 1, next).Count((byte)'"');
            length += next + 1;
        }

        return length;
    }
}

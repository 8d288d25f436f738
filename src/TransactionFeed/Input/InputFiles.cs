using System.IO.Compression;
using System.IO.Pipelines;
using TransactionFeed.CommandLine;

namespace TransactionFeed.Input;

/// <summary>Files, one after the other, as one source. Each may have another format and may be compressed: its content says so.</summary>
internal sealed class InputFiles : IRecordSource, IDisposable
{
    private const string StandardInput = "-";

    private readonly Queue<string> _paths;
    private readonly InputFormat _format;
    private readonly bool _withEventTime;
    private readonly bool _withFraud;
    private IRecordSource? _current;
    private Stream? _stream;
    private long _bytesRead;

    /// <summary><paramref name="format"/> None looks at each file's content. Throws where a file is not there, before anything is read.</summary>
    public InputFiles(IEnumerable<string> paths, InputFormat format, bool withEventTime, bool withFraud = false)
    {
        _paths = new Queue<string>(paths);
        _format = format;
        _withEventTime = withEventTime;
        _withFraud = withFraud;
        foreach (var path in _paths)
        {
            if (path == StandardInput)
            {
                BytesTotal = null;
                break;
            }

            if (!File.Exists(path))
            {
                throw FeedException.Usage($"{path}: there is no such file.");
            }

            BytesTotal = (BytesTotal ?? 0) + new FileInfo(path).Length;
        }
    }

    /// <summary>As the files lie on disk; null where standard input is among them.</summary>
    public long? BytesTotal { get; }

    public long BytesRead => Volatile.Read(ref _bytesRead);

    public async ValueTask<TransactionRecord?> ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            if (_current is null)
            {
                if (!_paths.TryDequeue(out var path))
                {
                    return null;
                }

                _current = await OpenAsync(path, stop);
            }

            if (_current is not null && await _current.ReadAsync(stop) is { } record)
            {
                return record;
            }

            Dispose();
        }
    }

    public void Dispose()
    {
        (_current as IDisposable)?.Dispose();
        _stream?.Dispose();
        _current = null;
        _stream = null;
    }

    /// <summary>Null for an empty file.</summary>
    private async ValueTask<IRecordSource?> OpenAsync(string path, CancellationToken stop)
    {
        try
        {
            _stream = new CountingStream(
                path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path), count => Interlocked.Add(ref _bytesRead, count));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FeedException.Usage($"{path}: {e.Message}");
        }

        var (beginning, stream) = await PeekAsync(_stream, stop);
        if (beginning.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            (beginning, stream) = await PeekAsync(new GZipStream(stream, CompressionMode.Decompress), stop);
        }

        if (beginning.Length == 0)
        {
            return null;
        }

        var guess = InputFormatGuess.Of(beginning);
        var format = _format == InputFormat.None || (_format == InputFormat.NativeCsv && guess == InputFormat.NativeJson) ? guess : _format;
        return format switch
        {
            InputFormat.NativeJson => new NativeJsonSource(stream, path, _withEventTime, _withFraud),
            InputFormat.NativeCsv or InputFormat.HandbookCsv => new CsvSource(stream, path, format, _withEventTime, _withFraud),
            InputFormat.None => throw FeedException.Usage(
                $"{path}: its first line is neither JSON nor a header with the contract's names (transactionId, …) or the handbook's (TRANSACTION_ID, …)."),
        };
    }

    /// <summary>The first bytes, and a stream that still begins with them.</summary>
    private static async ValueTask<(byte[] Beginning, Stream Stream)> PeekAsync(Stream stream, CancellationToken stop)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 64 * 1024));
        var read = await pipe.ReadAtLeastAsync(2, stop);
        var beginning = System.Buffers.BuffersExtensions.ToArray(read.Buffer);
        pipe.AdvanceTo(read.Buffer.Start);
        return (beginning, pipe.AsStream());
    }
}

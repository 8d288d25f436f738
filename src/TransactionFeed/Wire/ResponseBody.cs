using System.Buffers.Text;
using TransactionFeed.Input;

namespace TransactionFeed.Wire;

/// <summary>An HTTP/1.1 body: chunked, of a known length, or up to the connection's end. A body that is cut off is an <see cref="IOException"/>.</summary>
internal sealed class ResponseBody : ReadOnlyStream
{
    private const int ChunkHeadBytesMax = 1024;

    private readonly Stream _connection;
    private readonly bool _isChunked;
    private readonly bool _endsWithConnection;
    private byte[] _buffer;
    private int _start;
    private int _end;
    private long _left;
    private bool _isBetweenChunks;
    private bool _isOver;

    public ResponseBody(Stream connection, byte[] begun, bool isChunked, long? length)
    {
        _connection = connection;
        _buffer = begun;
        _end = begun.Length;
        _isChunked = isChunked;
        _endsWithConnection = !isChunked && length is null;
        _left = isChunked ? 0 : length ?? long.MaxValue;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_left == 0)
        {
            if (_isOver || !_isChunked)
            {
                return 0;
            }

            await ReadChunkHeadAsync(cancellationToken);
        }

        if (_start == _end && !await FillAsync(cancellationToken))
        {
            return _endsWithConnection ? 0 : throw new IOException("The connection was cut in the middle of an answer.");
        }

        var count = (int)Math.Min(Math.Min(_left, _end - _start), buffer.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        _left -= count;
        return count;
    }

    /// <summary>Reads a chunk's length; the line end of the chunk before it, too. After the last chunk's, the trailer.</summary>
    private async ValueTask ReadChunkHeadAsync(CancellationToken stop)
    {
        if (_isBetweenChunks)
        {
            await ReadLineAsync(stop);
        }

        var head = await ReadLineAsync(stop);
        if (!Utf8Parser.TryParse(head.Span, out _left, out _, 'x'))
        {
            throw new IOException("The answer's chunked encoding is broken.");
        }

        _isBetweenChunks = true;
        if (_left == 0)
        {
            _isOver = true;
            while ((await ReadLineAsync(stop)).Length > 0)
            {
            }
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadLineAsync(CancellationToken stop)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, length);
                _start += length + 2;
                return line;
            }

            if (_end - _start > ChunkHeadBytesMax || !await FillAsync(stop))
            {
                throw new IOException("The connection was cut in the middle of an answer.");
            }
        }
    }

    /// <summary>Keeps what is not read yet. False at the connection's end.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken stop)
    {
        const int bufferBytes = 64 * 1024;
        var kept = _buffer.AsSpan(_start, _end - _start);
        if (_buffer.Length < bufferBytes)
        {
            var larger = new byte[bufferBytes];
            kept.CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            kept.CopyTo(_buffer);
        }

        _end -= _start;
        _start = 0;
        var count = await _connection.ReadAsync(_buffer.AsMemory(_end), stop);
        _end += count;
        return count > 0;
    }
}

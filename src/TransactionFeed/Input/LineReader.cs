namespace TransactionFeed.Input;

/// <summary>Reads lines from a stream without making strings of them. Memory is bounded by <paramref name="lineBytesMax"/>.</summary>
internal sealed class LineReader(Stream source, int lineBytesMax)
{
    private const int BufferBytesMin = 64 * 1024;

    private readonly byte[] _buffer = new byte[Math.Max(BufferBytesMin, 2 * lineBytesMax)];
    private int _start;
    private int _end;
    private bool _isEnded;

    /// <summary>The line last read, without its line end. Valid until the next is read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>The line last read was longer than the maximum; it was skipped and <see cref="Line"/> is empty.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>False at the end of the stream. A last line without a line feed counts.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken stop)
    {
        IsTooLong = false;
        var searched = 0;
        while (true)
        {
            var length = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (length >= 0)
            {
                Take(searched + length, lineFeed: 1);
                return true;
            }

            searched = _end - _start;
            if (_isEnded)
            {
                var isLine = searched > 0 || IsTooLong;
                Take(searched, lineFeed: 0);
                return isLine;
            }

            if (searched > lineBytesMax)
            {
                IsTooLong = true;
                _start = 0;
                _end = 0;
                searched = 0;
            }

            await FillAsync(stop);
        }
    }

    private void Take(int length, int lineFeed)
    {
        var line = _buffer.AsMemory(_start, length);
        _start += length + lineFeed;
        if (length > 0 && line.Span[^1] == (byte)'\r')
        {
            line = line[..^1];
        }

        IsTooLong |= line.Length > lineBytesMax;
        Line = IsTooLong ? default : line;
    }

    private async ValueTask FillAsync(CancellationToken stop)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var count = await source.ReadAsync(_buffer.AsMemory(_end), stop);
        _end += count;
        _isEnded = count == 0;
    }
}

namespace FraudEngine.Ingress.FastLane;

/// <summary>
/// Takes the data out of chunks (RFC 9112, 7.1), in whatever pieces they come. Each line has to end as the standard says, with both letters: what ends otherwise
/// could be read in two ways, by a proxy and here.
/// </summary>
internal struct ChunkFraming
{
    private const int SizeDigitsMax = 8;

    // Of a chunk's extensions, and of all the trailers, of which nothing is used.
    private const int IgnoredBytesMax = 4096;

    private State _state;
    private long _size;
    private int _count;

    private enum State
    {
        /// <summary>The first digit of a chunk's size.</summary>
        SizeBegin,
        Size,
        Extension,
        SizeLineFeed,
        Data,
        DataReturn,
        DataLineFeed,

        /// <summary>The first letter of a trailer, or of the empty line after the last.</summary>
        TrailerBegin,
        Trailer,
        TrailerLineFeed,
        LastLineFeed,
        End,
        Broken,
    }

    /// <summary>Whether the body's end has come.</summary>
    public readonly bool IsEnd => _state == State.End;

    /// <summary>Whether something came that is no chunk.</summary>
    public readonly bool IsBroken => _state == State.Broken;

    /// <summary>Takes from <paramref name="raw"/> up to its end, the body's, what is no chunk, or the end of the room in <paramref name="data"/>; gives how many bytes.</summary>
    public int Take(ReadOnlySpan<byte> raw, Span<byte> data, out int written)
    {
        written = 0;
        var at = 0;
        while (at < raw.Length && _state < State.End)
        {
            if (_state == State.Data)
            {
                var count = (int)Math.Min(_size, Math.Min(raw.Length - at, data.Length - written));
                if (count == 0)
                {
                    break;
                }

                raw.Slice(at, count).CopyTo(data[written..]);
                written += count;
                at += count;
                _size -= count;
                _state = _size == 0 ? State.DataReturn : State.Data;
            }
            else
            {
                _state = Next(raw[at++]);
            }
        }

        return at;
    }

    private State Next(byte letter) => (_state, letter) switch
    {
        (State.SizeBegin, _) when char.IsAsciiHexDigit((char)letter) => BeginSize(letter),
        (State.Size, _) when char.IsAsciiHexDigit((char)letter) => AddDigit(letter),
        (State.Size, (byte)'\r') => State.SizeLineFeed,
        (State.Size, (byte)';') => BeginIgnored(State.Extension),
        (State.Extension, (byte)'\r') => State.SizeLineFeed,
        (State.Extension, not (byte)'\n') => Ignore(State.Extension),
        (State.SizeLineFeed, (byte)'\n') => _size > 0 ? State.Data : BeginIgnored(State.TrailerBegin),
        (State.DataReturn, (byte)'\r') => State.DataLineFeed,
        (State.DataLineFeed, (byte)'\n') => State.SizeBegin,
        (State.TrailerBegin, (byte)'\r') => State.LastLineFeed,
        (State.Trailer, (byte)'\r') => State.TrailerLineFeed,
        (State.TrailerBegin or State.Trailer, not (byte)'\n') => Ignore(State.Trailer),
        (State.TrailerLineFeed, (byte)'\n') => State.TrailerBegin,
        (State.LastLineFeed, (byte)'\n') => State.End,
        _ => State.Broken,
    };

    private State BeginSize(byte digit)
    {
        (_size, _count) = (0, 0);
        return AddDigit(digit);
    }

    private State AddDigit(byte digit)
    {
        _size = (_size << 4) + (digit & 0xF) + (digit > '9' ? 9 : 0);
        return ++_count <= SizeDigitsMax ? State.Size : State.Broken;
    }

    private State BeginIgnored(State state)
    {
        _count = 0;
        return state;
    }

    private State Ignore(State state) => ++_count <= IgnoredBytesMax ? state : State.Broken;
}

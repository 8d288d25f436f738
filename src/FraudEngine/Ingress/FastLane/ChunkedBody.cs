using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace FraudEngine.Ingress.FastLane;

/// <summary>
/// The body of a request in chunks (RFC 9112, 7.1), as it comes, taken out of them into one piece of memory. It is used as <see cref="StreamReader"/> does: of what a read gives
/// no more than <see cref="KeptBytesMax"/> is left for the next one. Nothing is held while the client is silent, and nothing allocated to wait for it.
/// </summary>
/// <param name="input">The connection's bytes, from the body's first on; after a body that came wholly, up to its last.</param>
internal sealed class ChunkedBody(PipeReader input) : PipeReader
{
    public const int KeptBytesMax = BufferBytes / 2;

    private const int BufferBytes = 64 * 1024;

    private ChunkFraming _framing;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _isExamined = true;

    /// <summary>Whether the body came wholly.</summary>
    public bool IsWhole => _framing.IsEnd;

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    /// <exception cref="BadHttpRequestException">The bytes are no chunks.</exception>
    /// <exception cref="ConnectionAbortedException">The client sends no more, though the body has no end.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var isCanceled = false;
        while (_isExamined && !IsWhole && !isCanceled)
        {
            if (_framing.IsBroken)
            {
                // Only now: what came before has been read.
                throw new BadHttpRequestException("The request's chunks are not framed as HTTP/1.1 has it.");
            }

            GiveBackWhereEmpty();
            var read = await input.ReadAsync(cancellationToken);
            isCanceled = read.IsCanceled;
            var end = Take(read.Buffer);

            // What found no room is looked at next time; everything else waits for more.
            input.AdvanceTo(end);
            if (read.IsCompleted && _isExamined && !IsWhole && !_framing.IsBroken)
            {
                throw new ConnectionAbortedException("The client closed the connection within a request.");
            }
        }

        return new ReadResult(new ReadOnlySequence<byte>(_buffer, _start, _end - _start), isCanceled, IsWhole);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _start = consumed.GetInteger();
        _isExamined = examined.GetInteger() == _end;
    }

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null)
    {
        _start = _end;
        GiveBackWhereEmpty();
    }

    /// <summary>Takes as much as there is room for; gives up to where.</summary>
    private SequencePosition Take(ReadOnlySequence<byte> raw)
    {
        if (raw.IsEmpty)
        {
            return raw.Start;
        }

        MakeRoom();
        var taken = 0L;
        foreach (var part in raw)
        {
            var count = _framing.Take(part.Span, _buffer.AsSpan(_end), out var written);
            taken += count;
            _end += written;
            _isExamined &= written == 0;
            if (count < part.Length)
            {
                break;
            }
        }

        return raw.GetPosition(taken);
    }

    private void MakeRoom()
    {
        if (_buffer.Length == 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        }

        var kept = _end - _start;
        if (kept > KeptBytesMax)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{kept} bytes were left, which is too much."));
        }

        _buffer.AsSpan(_start, kept).CopyTo(_buffer);
        (_start, _end) = (0, kept);
    }

    private void GiveBackWhereEmpty()
    {
        if (_start == _end && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _start, _end) = ([], 0, 0);
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>Reads the lines of one NDJSON stream and submits them, as far as window and admission have room.</summary>
internal sealed class StreamReader(LineKind kind, Admission admission, StreamWindow window)
{
    private readonly byte[] _joined = new byte[TransactionReader.TextBytesMax];
    private long _lineNumber;
    private bool _isSkipping;

    /// <summary>Reads to the body's end. Where the body is cut off, a last line says so and what came before is answered.</summary>
    public async Task ReadAsync(PipeReader body, CancellationToken cancellation)
    {
        // Not by a token to ReadAsync: a read that ends by one leaves Kestrel's reader in a state about which it logs an error.
        await using var cancelling = cancellation.Register(static reader => ((PipeReader)reader!).CancelPendingRead(), body);
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(CancellationToken.None);
                var rest = read.Buffer;
                while (TryTakeLine(ref rest, read.IsCompleted, out var line, out var isTooLong))
                {
                    await SubmitAsync(line, isTooLong, cancellation);
                }

                body.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    return;
                }

                // Only now: what has come is decided, and a body that has come wholly is answered wholly.
                if (read.IsCanceled)
                {
                    cancellation.ThrowIfCancellationRequested();
                }
            }
        }
        catch (Exception reason) when (reason is BadHttpRequestException or IOException && !cancellation.IsCancellationRequested)
        {
            _lineNumber++;
            var line = window.TryBegin(_lineNumber) ?? await BeginAsync();
            window.Add();
            line.Refuse(kind.CutOff);
        }
        finally
        {
            window.Complete();
        }
    }

    /// <summary>
    /// Takes the next line off <paramref name="rest"/>. Of one that is too long no more than that is kept: it is given as empty and too long once,
    /// and the rest of it is passed over as it comes.
    /// </summary>
    private bool TryTakeLine(ref ReadOnlySequence<byte> rest, bool isEnd, out ReadOnlySequence<byte> line, out bool isTooLong)
    {
        while (!rest.IsEmpty)
        {
            var end = rest.PositionOf((byte)'\n');
            line = end is { } at ? rest.Slice(0, at) : rest;
            isTooLong = line.Length > TransactionReader.TextBytesMax + 1;
            if (end is null && !isEnd && !isTooLong && !_isSkipping)
            {
                break;
            }

            var isRemainder = _isSkipping;
            _isSkipping = end is null && !isEnd && (isTooLong || _isSkipping);
            rest = end is { } newline ? rest.Slice(rest.GetPosition(1, newline)) : rest.Slice(rest.End);
            if (isRemainder)
            {
                continue;
            }

            _lineNumber++;
            line = WithoutCarriageReturn(line);
            isTooLong |= line.Length > TransactionReader.TextBytesMax;
            if (isTooLong || !IsBlank(line))
            {
                return true;
            }
        }

        line = default;
        isTooLong = false;
        return false;
    }

    private async ValueTask SubmitAsync(ReadOnlySequence<byte> text, bool isTooLong, CancellationToken cancellation)
    {
        var line = window.TryBegin(_lineNumber) ?? await BeginAsync();
        if (Check(line, text, isTooLong) is { } problem)
        {
            window.Add();
            line.Refuse(problem);
            return;
        }

        if (!admission.TryEnter())
        {
            await admission.EnterAsync(Timeout.InfiniteTimeSpan, cancellation);
        }

        window.Add();
        line.Submit();
    }

    private async ValueTask<StreamLine> BeginAsync()
    {
        StreamLine? line;
        while ((line = window.TryBegin(_lineNumber)) is null)
        {
            await window.WaitForRoomAsync();
        }

        return line;
    }

    private Problem? Check(StreamLine line, ReadOnlySequence<byte> text, bool isTooLong)
    {
        if (isTooLong)
        {
            return kind.TooLarge;
        }

        if (text.IsSingleSegment)
        {
            return line.Read(text.FirstSpan);
        }

        text.CopyTo(_joined);
        return line.Read(_joined.AsSpan(0, (int)text.Length));
    }

    private static ReadOnlySequence<byte> WithoutCarriageReturn(ReadOnlySequence<byte> line)
    {
        if (line.IsEmpty)
        {
            return line;
        }

        var last = line.Slice(line.Length - 1);
        return last.FirstSpan[0] == '\r' ? line.Slice(0, last.Start) : line;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}

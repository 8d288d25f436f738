using System.IO.Pipelines;
using FraudEngine.Domain;

namespace FraudEngine.Ingress;

/// <summary>Writes the answers of one stream, in the order of its lines, as they come.</summary>
internal sealed class StreamWriter(StreamWindow window)
{
    private const int FlushBytes = 32 * 1024;

    /// <summary>Writes until the last line is answered, or nobody reads any more.</summary>
    public async Task WriteAsync(PipeWriter output)
    {
        var isRead = true;
        while (!window.IsDrained)
        {
            var isAny = false;
            while (window.PeekAnswered() is { } line)
            {
                if (isRead)
                {
                    Write(output, line);
                }

                window.Take();
                isAny = true;
                if (output.UnflushedBytes >= FlushBytes)
                {
                    break;
                }
            }

            if (isAny)
            {
                window.SignalTaken();
            }

            // Whoever went away without reading leaves lines that are being decided: they are taken, so that none is used again too early.
            if (output.UnflushedBytes > 0 && isRead)
            {
                isRead = !(await output.FlushAsync()).IsCompleted;
            }

            if (window.PeekAnswered() is null)
            {
                await window.WaitForAnswerAsync();
            }
        }
    }

    private static void Write(PipeWriter output, StreamLine line)
    {
        var problem = line.Problem ?? line.Refusal;
        if (problem is null)
        {
            line.WriteAnswer(output);
        }
        else
        {
            JsonText.Raw(output, "{\"line\":"u8);
            Span<byte> number = stackalloc byte[20];
            System.Buffers.Text.Utf8Formatter.TryFormat(line.Number, number, out var length);
            JsonText.Raw(output, number[..length]);
            JsonText.Raw(output, ",\"error\":"u8);
            problem.WriteTo(output);
            JsonText.Raw(output, "}"u8);
        }

        JsonText.Raw(output, "\n"u8);
    }
}

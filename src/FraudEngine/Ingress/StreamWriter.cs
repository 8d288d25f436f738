using System.Buffers;
using System.IO.Pipelines;
using FraudEngine.Domain;

namespace FraudEngine.Ingress;

/// <summary>Writes the answers of one stream, in the order of its lines, as they come.</summary>
internal sealed class StreamWriter(StreamWindow window)
{
    private const int FlushBytes = 32 * 1024;

    // Answers are gathered here: each write to the pipe itself takes its lock, and an answer has a dozen.
    private readonly ArrayBufferWriter<byte> _answers = new();

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
                    Write(_answers, line);
                }

                window.Take();
                isAny = true;
                if (_answers.WrittenCount >= FlushBytes)
                {
                    break;
                }
            }

            if (isAny)
            {
                window.SignalTaken();
            }

            // Whoever went away without reading leaves lines that are being decided: they are taken, so that none is used again too early.
            if (_answers.WrittenCount > 0)
            {
                isRead = !(await output.WriteAsync(_answers.WrittenMemory)).IsCompleted;
                _answers.ResetWrittenCount();
            }

            if (window.PeekAnswered() is null)
            {
                await window.WaitForAnswerAsync();
            }
        }
    }

    private static void Write(ArrayBufferWriter<byte> output, StreamLine line)
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

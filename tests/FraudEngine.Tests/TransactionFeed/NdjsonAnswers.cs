using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>Answers one NDJSON request line by line while it still runs, up to its fault.</summary>
public sealed class NdjsonAnswers(HttpContext context, Func<byte[], int, (bool IsError, byte[] Answer)> answerLine, Fault fault)
{
    private int _lines;

    public async Task RunAsync()
    {
        context.Response.ContentType = "application/x-ndjson";
        var input = context.Request.BodyReader;
        while (true)
        {
            var read = await input.ReadAsync();
            var rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                if (_lines == fault.CutAfter)
                {
                    await context.Response.BodyWriter.FlushAsync();
                    context.Abort();
                    return;
                }

                if (_lines == fault.HoldAfter)
                {
                    await HoldAsync();
                    return;
                }

                Answer(rest.Slice(0, end).ToArray());
                rest = rest.Slice(rest.GetPosition(1, end));
            }

            input.AdvanceTo(rest.Start, rest.End);
            await context.Response.BodyWriter.FlushAsync();
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private void Answer(byte[] line)
    {
        _lines++;
        var answer = _lines == fault.UnavailableAt
            ? Encoding.UTF8.GetBytes($$$"""{"line":{{{_lines}}},"error":{"title":"Overloaded","status":503}}""")
            : answerLine(line, _lines).Answer;
        context.Response.BodyWriter.Write(answer);
        context.Response.BodyWriter.Write("\n"u8);
    }

    private async Task HoldAsync()
    {
        await context.Response.BodyWriter.FlushAsync();
        if (!fault.Truncate)
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        }
    }
}

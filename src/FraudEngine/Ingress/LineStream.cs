using System.IO.Pipelines;
using System.Numerics;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>
/// Answers a stream of NDJSON lines: an answer per line, in order, while lines still come. Memory is bounded by the window of lines and by the answers'
/// pipe, which pauses the stream while nobody reads them.
/// </summary>
internal sealed class LineStream(LineKind kind, Admission admission, IngressSettings settings)
{
    private readonly int _linesMax = (int)BitOperations.RoundUpToPowerOf2((uint)settings.StreamLinesMax);

    /// <summary>Runs until every line is answered and completes <paramref name="answers"/>.</summary>
    public async Task RunAsync(PipeReader lines, PipeWriter answers, CancellationToken cancellation)
    {
        var window = new StreamWindow(_linesMax, kind.BeginStream());
        var reading = new StreamReader(kind, admission, window).ReadAsync(lines, cancellation);
        try
        {
            await new StreamWriter(window).WriteAsync(answers);
        }
        finally
        {
            await answers.CompleteAsync();
        }

        await reading;
    }
}

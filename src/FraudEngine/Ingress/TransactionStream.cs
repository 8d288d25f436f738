using System.IO.Pipelines;
using System.Numerics;
using System.Text;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>
/// Decides a stream of NDJSON lines: a decision per line, in order, while lines still come. Memory is bounded by the window of lines and by the answers'
/// pipe, which pauses the stream while nobody reads them.
/// </summary>
public sealed class TransactionStream(DecisionEngine engine, IngressSettings settings)
{
    private readonly byte[] _defaultCurrency = Encoding.ASCII.GetBytes(settings.DefaultCurrency);
    private readonly int _linesMax = (int)BitOperations.RoundUpToPowerOf2((uint)settings.StreamLinesMax);

    /// <summary>Runs until every line is answered and completes <paramref name="answers"/>.</summary>
    public async Task RunAsync(PipeReader lines, PipeWriter answers, CancellationToken cancellation)
    {
        var window = new StreamWindow(_linesMax);
        var reading = new StreamReader(engine, window, _defaultCurrency).ReadAsync(lines, cancellation);
        try
        {
            await new StreamWriter(window, engine.Catalog).WriteAsync(answers);
        }
        finally
        {
            await answers.CompleteAsync();
        }

        await reading;
    }
}

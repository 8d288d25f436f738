using System.IO.Pipelines;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>Decides a stream of NDJSON lines: a decision per line, in order, while lines still come.</summary>
public sealed class TransactionStream(DecisionEngine engine, IngressSettings settings)
{
    /// <summary>As lines of any stream.</summary>
    internal LineStream Lines { get; } = new(KindOf(engine, settings), engine.Admission, settings);

    /// <summary>Runs until every line is answered and completes <paramref name="answers"/>.</summary>
    public Task RunAsync(PipeReader lines, PipeWriter answers, CancellationToken cancellation) => Lines.RunAsync(lines, answers, cancellation);

    private static LineKind KindOf(DecisionEngine engine, IngressSettings settings)
    {
        var defaultCurrency = Encoding.ASCII.GetBytes(settings.DefaultCurrency);
        return new LineKind(Problem.TooLarge, Problem.CutOff, () =>
        {
            var reader = new TransactionReader(defaultCurrency);
            return window => new TransactionLine(window, engine, reader);
        });
    }
}

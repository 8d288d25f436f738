using System.Diagnostics;
using System.IO.Pipelines;
using FraudEngine.Ingress;
using PaymentSimulator;

namespace FraudEngine.Hosting;

/// <summary>Feeds simulated payments at a steady rate, as a client would: as NDJSON, reading the answers.</summary>
internal sealed class DemoFeed(EngineHost host)
{
    public const int PaymentsPerSecond = 2_000;

    // The demo starts in the past and hurries through it, so that the accounts soon have a history: a day takes 20 seconds.
    private const int Customers = 20_000;
    private const int DaysBack = 60;
    private const int TicksPerSecond = 20;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var lines = new Pipe();
        var answers = new Pipe();
        var stream = new TransactionStream(host.Engine, host.Settings).RunAsync(lines.Reader, answers.Writer, CancellationToken.None);
        var drain = DrainAsync(answers.Reader);
        await FeedAsync(lines.Writer, cancellation);
        await lines.Writer.CompleteAsync();
        await stream;
        await drain;
    }

    private static async Task FeedAsync(PipeWriter lines, CancellationToken cancellation)
    {
        var simulator = new Simulator(new SimulationSettings
        {
            Start = TimeProvider.System.GetUtcNow().AddDays(-DaysBack),
            Customers = Customers,
            Terminals = Customers / 4,
            FraudShare = 0.005,
        });
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond));
        var clock = Stopwatch.StartNew();
        var sent = 0L;
        var payment = simulator.Next();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                for (var due = (long)(clock.Elapsed.TotalSeconds * PaymentsPerSecond); sent < due; sent++)
                {
                    // Once it has caught up with the clock, a payment waits until it happens.
                    if (payment.TimestampTicks > TimeProvider.System.GetUtcNow().UtcTicks)
                    {
                        break;
                    }

                    PaymentJson.Write(payment, lines);
                    payment = simulator.Next();
                }

                await lines.FlushAsync(cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: what was sent is still answered.
        }
    }

    private static async Task DrainAsync(PipeReader answers)
    {
        while (true)
        {
            var read = await answers.ReadAsync();
            answers.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}

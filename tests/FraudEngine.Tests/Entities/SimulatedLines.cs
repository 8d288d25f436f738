using System.Buffers;
using PaymentSimulator;

namespace FraudEngine.Tests.Entities;

/// <summary>Payments of some accounts as clients send them, each a text of its own.</summary>
internal static class SimulatedLines
{
    /// <summary>So many payments, spread evenly over days.</summary>
    public static IEnumerable<byte[]> Of(int payments, int accounts, int perDay)
    {
        var simulator = new Simulator(new SimulationSettings { Customers = accounts, Terminals = accounts, PaymentsPerSecond = perDay / 86_400.0 });
        var line = new ArrayBufferWriter<byte>();
        for (var i = 0; i < payments; i++)
        {
            line.ResetWrittenCount();
            PaymentJson.Write(simulator.Next(), line);
            yield return line.WrittenSpan[..^1].ToArray();
        }
    }
}

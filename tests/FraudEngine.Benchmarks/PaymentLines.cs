using System.Buffers;
using PaymentSimulator;

namespace FraudEngine.Benchmarks;

/// <summary>Simulated payments as clients send them.</summary>
internal static class PaymentLines
{
    private const int BytesAtFirst = 320;

    /// <summary>So many payments, each a line of JSON that ends with a line feed.</summary>
    public static ReadOnlyMemory<byte> Of(int payments)
    {
        var simulator = new Simulator(new SimulationSettings { Customers = 10_000, Terminals = 5_000 });
        var lines = new ArrayBufferWriter<byte>(payments * BytesAtFirst);
        for (var i = 0; i < payments; i++)
        {
            PaymentJson.Write(simulator.Next(), lines);
        }

        return lines.WrittenMemory;
    }
}

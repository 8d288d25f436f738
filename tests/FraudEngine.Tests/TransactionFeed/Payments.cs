using System.Buffers;
using System.Text;
using PaymentSimulator;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>Native NDJSON from the simulator.</summary>
public static class Payments
{
    public static string Ndjson(int count, int customers = 50)
    {
        var simulator = new Simulator(new SimulationSettings { Customers = customers, Terminals = 100 });
        var lines = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
        {
            PaymentJson.Write(simulator.Next(), lines);
        }

        return Encoding.UTF8.GetString(lines.WrittenSpan);
    }
}

using System.Buffers;
using BenchmarkDotNet.Attributes;
using FraudEngine.Domain;
using FraudEngine.Entities;

namespace FraudEngine.Benchmarks;

/// <summary>What it costs to read one payment's JSON, to write its journal entry, and to write its answer; in processor time of one thread.</summary>
[Config(typeof(LapByLap))]
public class TextBenchmark
{
    private const int Payments = 50_000;

    private readonly TransactionReader _reader = new([.. "EUR"u8]);
    private readonly ReasonCatalog _catalog = new();
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly byte[][] _lines = new byte[Payments][];
    private readonly TransactionDecided[] _decided = new TransactionDecided[Payments];
    private readonly Transaction _read = new();

    [GlobalSetup]
    public void Setup()
    {
        _catalog.Add(new DecidingRuleSet(1, "bench@1", []));
        var rest = PaymentLines.Of(Payments).Span;
        for (var i = 0; i < Payments; i++)
        {
            var end = rest.IndexOf((byte)'\n');
            _lines[i] = rest[..end].ToArray();
            rest = rest[(end + 1)..];
            _decided[i] = new TransactionDecided { Sequence = i + 1 };
            (_decided[i].Decision.RuleSetNumber, _decided[i].Decision.Outcome) = (1, Outcome.Approve);
            if (!_reader.TryRead(_lines[i], _decided[i].Transaction))
            {
                throw new InvalidDataException("A simulated payment can't be read.");
            }
        }
    }

    [Benchmark(OperationsPerInvoke = Payments)]
    public int Parse()
    {
        var read = 0;
        foreach (var line in _lines)
        {
            read += _reader.TryRead(line, _read) ? 1 : 0;
        }

        return read;
    }

    [Benchmark(OperationsPerInvoke = Payments)]
    public int WriteEntry()
    {
        foreach (var decided in _decided)
        {
            _output.ResetWrittenCount();
            EntryCodec.Write(_output, decided);
        }

        return _output.WrittenCount;
    }

    [Benchmark(OperationsPerInvoke = Payments)]
    public int WriteAnswer()
    {
        foreach (var decided in _decided)
        {
            _output.ResetWrittenCount();
            DecisionJson.Write(_output, decided.Transaction, decided.Decision, _catalog);
        }

        return _output.WrittenCount;
    }
}

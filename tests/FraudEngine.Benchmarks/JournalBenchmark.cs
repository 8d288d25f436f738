using BenchmarkDotNet.Attributes;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Benchmarks;

/// <summary>
/// What it costs to encode one payment and append it to the SQLite journal, of batches of 256 that are each committed with fsync before the next is handed in; indexed
/// by all kinds of entities, as by default; in processor time of all threads. The journal grows from lap to lap, as a real one does.
/// </summary>
[Config(typeof(LapByLap))]
public class JournalBenchmark : IJournalSink, IDisposable
{
    private const int BatchRows = 256;

    private readonly SemaphoreSlim _durable = new(0);
    private readonly JournalBatch _batch = new();
    private readonly PaymentStream _stream = new();
    private readonly AccountRef?[] _accounts = new AccountRef?[PaymentStream.Customers];
    private readonly long[] _sequences = new long[PaymentStream.Customers];
    private DirectoryInfo _directory = null!;
    private SqliteJournal _journal = null!;
    private Exception? _failure;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Directory.CreateTempSubdirectory("journal-benchmark-");
        _journal = new SqliteJournal(_directory.FullName);
        _journal.IndexEntities(EntityKinds.Visited.ToHashSet());
        _journal.Start(this);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _durable.Dispose();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark(OperationsPerInvoke = PaymentStream.Payments)]
    public void Append()
    {
        foreach (var (number, decided) in _stream.All)
        {
            var account = _accounts[number] ??= new AccountRef(decided.Transaction.AccountId.ToArray());
            decided.Sequence = ++_sequences[number];
            var start = _batch.Bytes.WrittenCount;
            EntryCodec.Write(_batch.Bytes, decided);
            _batch.Append(account, decided.Sequence, decided.IdHash, start, default);
            if (_batch.Appends.Length == BatchRows)
            {
                Commit();
            }
        }

        Commit();
    }

    void IJournalSink.Durable(JournalBatch batch) => _durable.Release();

    void IJournalSink.Failed(JournalBatch batch, Exception reason)
    {
        _failure = reason;
        _durable.Release();
    }

    void IJournalSink.Answered(JournalReads reads) => throw new NotSupportedException("Nothing is read.");

    private void Commit()
    {
        _journal.Submit(_batch);
        _durable.Wait();
        if (_failure is not null)
        {
            throw new IOException("The journal refused a batch.", _failure);
        }

        _batch.Clear();
    }
}

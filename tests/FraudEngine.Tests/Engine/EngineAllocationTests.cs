using System.Buffers;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage.Sqlite;
using FraudEngine.Tests.Entities;
using FraudEngine.Tests.Rules;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Engine;

/// <summary>
/// What a payment leaves behind for the garbage collector in a whole engine, on all of its threads: from its text over its account, the entities that it names and a
/// SQLite file to its answer.
/// </summary>
[Collection(Alone.Name)]
public sealed class EngineAllocationTests(ITestOutputHelper output) : IEngineEvents, IReplyTo, IDisposable
{
    private const int BytesMax = 100;
    private const int Accounts = 200;
    private const int PaymentsPerDay = 2 * Accounts;
    private const int AtOnce = 400;
    private const int DaysBefore = 70;
    private const int DaysMeasured = 34;
    private const int Readings = 5;

    private readonly TransactionReader _reader = new([.. "EUR"u8]);
    private readonly ArrayBufferWriter<byte> _answer = new(4096);
    private readonly CountdownEvent _open = new(AtOnce);
    private readonly TransactionEnvelope[] _envelopes = new TransactionEnvelope[AtOnce];
    private DecisionEngine _engine = null!;
    private int _alerts;
    private int _refused;

    [Fact]
    public async Task A_payment_allocates_less_than_100_bytes_in_the_whole_engine()
    {
        using var folder = new TemporaryFolder();
        var lines = SimulatedLines.Of((DaysBefore + (Readings * DaysMeasured)) * PaymentsPerDay, Accounts, PaymentsPerDay).ToArray();
        var journal = new SqliteJournal(folder.PathOf("data"));
        var rules = ShippedRules.Default;
        var number = await journal.RegisterAsync(rules.Name, rules.Version, rules.Source, rules.Reasons);
        await using (_engine = new DecisionEngine(
            new EngineSettings { Shards = 4 }, journal, new RulesInForce(rules, number, NamedLists.Empty), new ThreadPoolDispatcher(), TimeProvider.System, this, static (_, _, _) => { }))
        {
            for (var i = 0; i < AtOnce; i++)
            {
                _envelopes[i] = new TransactionEnvelope(this);
            }

            Answer(lines.AsSpan(0, DaysBefore * PaymentsPerDay));

            // The least of some readings: what else the process does meanwhile is not the payments'.
            var least = double.MaxValue;
            for (var reading = 0; reading < Readings; reading++)
            {
                var measured = lines.AsSpan((DaysBefore + (reading * DaysMeasured)) * PaymentsPerDay, DaysMeasured * PaymentsPerDay);
                var before = GC.GetTotalAllocatedBytes(precise: true);
                Answer(measured);
                var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)measured.Length;
                output.WriteLine(FormattableString.Invariant($"{each:0.0} bytes a payment, of {measured.Length}"));
                least = Math.Min(least, each);
            }

            Assert.Equal(0, _refused);
            Assert.InRange(_alerts, 1, lines.Length);
            Assert.InRange(least, 0, BytesMax);
        }
    }

    public void Dispose() => _open.Dispose();

    void IReplyTo.Completed(TransactionEnvelope envelope)
    {
        if (envelope.Refusal == Refusal.None)
        {
            _answer.ResetWrittenCount();
            DecisionJson.Write(_answer, envelope.Transaction, envelope.Decision, _engine.Catalog);
            _alerts += envelope.Decision.RaisesAlert ? 1 : 0;
        }
        else
        {
            _refused++;
        }

        _open.Signal();
    }

    void IEngineEvents.ShardRestarted(int shard, Exception reason) => output.WriteLine($"A shard restarted: {reason}");

    void IEngineEvents.TransactionPoisoned(int shard, Exception reason) => output.WriteLine($"A transaction was taken for poison: {reason}");

    void IEngineEvents.RecoveryFailed(int shard, Exception reason) => output.WriteLine($"An account could not be read: {reason}");

    /// <summary>Has the engine answer payments, so many at once; each envelope is used again and again.</summary>
    private void Answer(ReadOnlySpan<byte[]> lines)
    {
        for (; !lines.IsEmpty; lines = lines[AtOnce..])
        {
            _open.Reset();
            for (var i = 0; i < AtOnce; i++)
            {
                _envelopes[i].Reset();
                Assert.True(_reader.TryRead(lines[i], _envelopes[i].Transaction));
                Assert.True(_engine.Admission.TryEnter());
                _engine.Submit(_envelopes[i]);
            }

            Assert.True(_open.Wait(TimeSpan.FromSeconds(30)), "Not all payments were answered within 30 s.");
        }
    }
}

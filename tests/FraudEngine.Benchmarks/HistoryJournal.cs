using System.Diagnostics;
using System.Globalization;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Engine.Lists;
using FraudEngine.Storage.Sqlite;
using FraudEngine.Windows;
using TransactionFeed.Load;

namespace FraudEngine.Benchmarks;

/// <summary>
/// Makes a journal as an engine leaves it: the engine itself, in this process and with the shipped rules, decides so many transactions of each account. They are
/// those that <c>load --accounts-of history</c> goes on with: the same accounts, with payments of the same customers, over 30 days that end where by default the
/// load's event time begins. Each account pays once in each round over all accounts, in an order of the round's own.
/// </summary>
internal sealed class HistoryJournal(string folder, int accounts, int each) : IEngineEvents, IReplyTo
{
    /// <summary>For <c>load --accounts-of</c>.</summary>
    private const string Run = "history";

    private const int Seed = 1;
    private const int AtOnce = 8_192;
    private const int Waves = 2;

    private static readonly TimeSpan Span = TimeSpan.FromDays(30);
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    private readonly TransactionReader _reader = new("EUR"u8.ToArray());
    private readonly Wave[] _waves = new Wave[Waves];
    private readonly long _start = (TimeProvider.System.GetUtcNow() - new LoadSettings { Engine = null! }.EventsFrom - Span).UtcTicks;
    private long _alerts;
    private Exception? _failure;

    private long Transactions => (long)accounts * each;

    public async Task MakeAsync()
    {
        if (File.Exists(SqliteLocation.FileOf(folder)))
        {
            throw new IOException($"There is a journal in '{folder}' already. Name another folder.");
        }

        var clock = TimeProvider.System;
        var journal = new SqliteJournal(folder);
        var path = Path.Combine(AppContext.BaseDirectory, "config", "rules.yaml");
        var lists = ListBook.Load(await journal.ReadListsAsync());
        var rules = await RuleBook.OpenAsync(journal, await File.ReadAllTextAsync(path), path, lists, WindowSettings.Default, clock);
        var settings = new EngineSettings { InFlightMax = AtOnce * Waves, ResidentAccountsMax = Math.Max(accounts * 2, 1_000_000) };
        await using (var engine = new DecisionEngine(settings, journal, rules, new ThreadPoolDispatcher(), clock, this, (_, _, _) => Interlocked.Increment(ref _alerts)))
        {
            Fill(engine);
        }

        var size = new FileInfo(SqliteLocation.FileOf(folder)).Length;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Transactions:N0} transactions of {accounts:N0} accounts, {_alerts:N0} alerts, {size / 1e9:0.00} GB, {(double)size / Transactions:0} bytes a transaction"));
    }

    void IReplyTo.Completed(TransactionEnvelope envelope)
    {
        if (envelope.Refusal != Refusal.None)
        {
            _failure ??= new InvalidDataException($"A payment was refused: {envelope.Refusal}.");
        }
    }

    void IEngineEvents.ShardRestarted(int shard, Exception reason) => _failure ??= reason;

    void IEngineEvents.TransactionPoisoned(int shard, Exception reason) => _failure ??= reason;

    void IEngineEvents.RecoveryFailed(int shard, Exception reason) => _failure ??= reason;

    /// <summary>Has the engine decide all of them, one wave while the next is being prepared.</summary>
    private void Fill(DecisionEngine engine)
    {
        for (var i = 0; i < Waves; i++)
        {
            _waves[i] = new Wave(this);
        }

        var templates = new LoadTemplates(accounts, Seed, Run, Run, static _ => "");
        var line = new byte[templates.LengthMax];
        var random = new Random(Seed);
        var begin = Stopwatch.GetTimestamp();
        var said = begin;
        var wave = _waves[0];
        var waves = 0;
        for (var number = 0L; number < Transactions; number++)
        {
            if (number % AtOnce == 0)
            {
                wave = _waves[waves++ % Waves];
                wave.Wait();
                wave.Begin((int)Math.Min(AtOnce, Transactions - number));
                if (_failure is not null)
                {
                    throw new InvalidOperationException("The engine could not decide.", _failure);
                }

                if (Stopwatch.GetElapsedTime(said) > SayEvery)
                {
                    said = Stopwatch.GetTimestamp();
                    Say(number, Stopwatch.GetElapsedTime(begin));
                }
            }

            var ticks = _start + (long)((double)number / Transactions * Span.Ticks);
            var envelope = wave.Envelopes[number % AtOnce];
            envelope.Reset();
            var account = AccountOf(number);
            var length = templates.Of(account, random.Next()).Write(line, number, account, ticks);
            if (!_reader.TryRead(line.AsSpan(0, length).TrimEnd((byte)'\n'), envelope.Transaction) || !engine.Admission.TryEnter())
            {
                throw new InvalidDataException("A simulated payment can't be read, or the engine is full.");
            }

            engine.Submit(envelope);
        }

        foreach (var last in _waves)
        {
            last.Wait();
            last.Dispose();
        }

        Say(Transactions, Stopwatch.GetElapsedTime(begin));
    }

    /// <summary>All accounts in each round, in an order that no two rounds have in common, so that the time between two payments of an account varies.</summary>
    private int AccountOf(long number)
    {
        var (round, place) = Math.DivRem(number, accounts);
        var step = 7_919 + (2 * round);
        while (Gcd(step, accounts) != 1)
        {
            step++;
        }

        return (int)(((place * step) + (round * 104_729)) % accounts);
    }

    private static long Gcd(long a, long b) => b == 0 ? a : Gcd(b, a % b);

    private void Say(long done, TimeSpan elapsed) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{elapsed:hh\\:mm\\:ss}  {done:N0} of {Transactions:N0}  {done / elapsed.TotalSeconds:N0}/s  {Environment.WorkingSet / 1e9:0.00} GB of memory"));

    /// <summary>Envelopes that are submitted together, and counted as they come back.</summary>
    private sealed class Wave : IReplyTo, IDisposable
    {
        private readonly IReplyTo _owner;
        private readonly CountdownEvent _open = new(0);

        public Wave(IReplyTo owner)
        {
            _owner = owner;
            Envelopes = [.. Enumerable.Range(0, AtOnce).Select(_ => new TransactionEnvelope(this))];
        }

        public TransactionEnvelope[] Envelopes { get; }

        public void Begin(int count) => _open.Reset(count);

        public void Wait() => _open.Wait();

        void IReplyTo.Completed(TransactionEnvelope envelope)
        {
            _owner.Completed(envelope);
            _open.Signal();
        }

        public void Dispose() => _open.Dispose();
    }
}

using System.Buffers;
using System.Diagnostics;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Benchmarks;

/// <summary>
/// The least that any engine has to do with a stream: the same bytes parsed, the same rows inserted and committed to the disk, an answer written for each; by one
/// bare loop, without network, accounts, rules or threads. What the engine takes above this is its own.
/// </summary>
internal sealed class Floor(int transactions, int rowsPerCommit)
{
    private readonly ReadOnlyMemory<byte> _lines = PaymentLines.Of(transactions);
    private readonly ReasonCatalog _catalog = new();

    /// <summary>Runs some rounds, each into a fresh file.</summary>
    public void Run(int rounds)
    {
        _catalog.Add(new DecidingRuleSet(1, "floor@1", []));
        Console.WriteLine("     rows/s  CPU us/row  thereof parse  encode and answer  insert  commit (wall us/row)");
        for (var round = 0; round < rounds; round++)
        {
            var directory = Directory.CreateTempSubdirectory("floor-");
            try
            {
                Round(Path.Combine(directory.FullName, "floor.db"));
            }
            finally
            {
                directory.Delete(recursive: true);
            }
        }
    }

    private void Round(string path)
    {
        using var connection = new SqliteConnection(path);
        connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -65536");
        connection.Execute("CREATE TABLE journal (position INTEGER PRIMARY KEY, account INTEGER NOT NULL, sequence INTEGER NOT NULL, id_hash INTEGER NOT NULL, entry BLOB NOT NULL)");
        using var insert = connection.Prepare("INSERT INTO journal (position, account, sequence, id_hash, entry) VALUES (?, ?, ?, ?, ?)");
        var reader = new TransactionReader("EUR"u8.ToArray());
        var decided = new TransactionDecided();
        var entry = new ArrayBufferWriter<byte>(4096);
        var answers = new ArrayBufferWriter<byte>(1 << 20);
        var watch = new Laps();
        var rest = _lines.Span;
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        connection.Execute("BEGIN IMMEDIATE");
        for (var row = 1; row <= transactions; row++)
        {
            watch.Start();
            var end = rest.IndexOf((byte)'\n');
            if (!reader.TryRead(rest[..end], decided.Transaction))
            {
                throw new InvalidDataException("A simulated payment can't be read.");
            }

            rest = rest[(end + 1)..];
            watch.Stop(Laps.Parse);
            decided.Decision.Clear();
            (decided.Decision.RuleSetNumber, decided.Decision.Outcome) = (1, Outcome.Approve);
            entry.ResetWrittenCount();
            EntryCodec.Write(entry, decided);
            DecisionJson.Write(answers, decided.Transaction, decided.Decision, _catalog);
            watch.Stop(Laps.Encode);
            insert.Bind(1, row).Bind(2, (long)Hash64.Of(decided.Transaction.AccountId)).Bind(3, row).Bind(4, (long)Hash64.Of(decided.Transaction.TransactionId))
                .Bind(5, entry.WrittenSpan).Run();
            watch.Stop(Laps.Insert);
            if (row % rowsPerCommit == 0 || row == transactions)
            {
                connection.Execute(row == transactions ? "COMMIT" : "COMMIT; BEGIN IMMEDIATE");
                answers.ResetWrittenCount();
                watch.Stop(Laps.Commit);
            }
        }

        var wall = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(FormattableString.Invariant(
            $"{transactions / wall.TotalSeconds,11:0}  {(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / transactions,10:0.00}  {watch.Micros(Laps.Parse, transactions),13:0.00}  {watch.Micros(Laps.Encode, transactions),17:0.00}  {watch.Micros(Laps.Insert, transactions),6:0.00}  {watch.Micros(Laps.Commit, transactions),6:0.00}"));
    }

    /// <summary>Wall time by what is done.</summary>
    private sealed class Laps
    {
        public const int Parse = 0;
        public const int Encode = 1;
        public const int Insert = 2;
        public const int Commit = 3;

        private readonly long[] _ticks = new long[4];
        private long _last;

        public void Start() => _last = Stopwatch.GetTimestamp();

        public void Stop(int lap)
        {
            var now = Stopwatch.GetTimestamp();
            _ticks[lap] += now - _last;
            _last = now;
        }

        public double Micros(int lap, int rows) => TimeSpan.FromTicks(_ticks[lap] * TimeSpan.TicksPerSecond / Stopwatch.Frequency).TotalMicroseconds / rows;
    }
}

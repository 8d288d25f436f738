using System.Text;
using FraudEngine.Domain;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

/// <summary>The index of accounts and entities against plain lists, however rows move from memory to open segments and from there to full ones.</summary>
public sealed class SqliteIndexTests : IDisposable
{
    // The table that the schema before this index did not have, and the version it had.
    private const string StepBack = "DROP TABLE open_segments; DROP TABLE open_entity_segments; PRAGMA user_version = 4";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, int> _accounts = [];
    private readonly Dictionary<string, List<(string Account, int Sequence)>> _terminals = [];
    private int _data;

    private string Data => _folder.PathOf($"data{_data}");

    private string File => Path.Combine(Data, "journal.db");

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(2, 40, 5)]
    [InlineData(3, 40, 400)]
    [InlineData(4, 600, 400)]
    [InlineData(5, 600, 3)]
    [InlineData(6, 2000, 1000)]
    [InlineData(7, 100_000, 30)]
    public async Task Whatever_was_stored_is_found_after_failures_restarts_and_kills(int seed, int tailRowsMax, int accounts)
    {
        var random = new Random(seed);
        for (var life = 0; life < 6; life++)
        {
            var session = await StartAsync(tailRowsMax);
            for (var batch = random.Next(25); batch >= 0; batch--)
            {
                if (random.Next(6) == 0 && _accounts.Count > 0)
                {
                    // Can't be stored, as its number is taken.
                    session.AppendAt(_accounts.Keys.First(), 1, "stands in the way");
                    session.Submit();
                    await session.UntilFailedAsync(++session.Incarnation);
                }
                else
                {
                    await AppendAsync(session, random, accounts);
                }
            }

            await CheckAsync(session, random);
            await EndAsync(session, isKilled: random.Next(2) == 0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(100_000)]
    public async Task A_journal_of_the_schema_before_opens_and_stays_whole(int tailRowsMax)
    {
        var random = new Random(tailRowsMax);
        var session = await StartAsync(tailRowsMax);
        for (var batch = 0; batch < 20; batch++)
        {
            await AppendAsync(session, random, accounts: 60);
        }

        await session.DisposeAsync();
        MakeOld(rowsPerSegment: 7, tailStart: 100);
        for (var life = 0; life < 3; life++)
        {
            session = await StartAsync(tailRowsMax);
            await CheckAsync(session, random);
            for (var batch = 0; batch < 10; batch++)
            {
                await AppendAsync(session, random, accounts: 80);
            }

            await CheckAsync(session, random);
            await EndAsync(session, isKilled: life == 1);
        }
    }

    [Fact]
    public async Task Rows_of_many_accounts_share_the_pages_that_they_are_written_to_and_a_full_segment_is_written_once()
    {
        var session = await StartAsync(tailRowsMax: 1);
        for (var round = 1; round <= 130; round++)
        {
            session.Append("a", $"t{round}");
            await session.SubmitAsync();
        }

        await session.DisposeAsync();
        using var connection = new SqliteConnection(File);
        Assert.Equal(2, connection.Scalar("SELECT count(*) FROM segments"));
        Assert.Equal(128, connection.Scalar("SELECT max(last) FROM segments"));
        Assert.Equal(129, connection.Scalar("SELECT first FROM open_segments"));
        Assert.Equal(129, connection.Scalar("SELECT last FROM open_segments"));
    }

    [Fact]
    public async Task A_damaged_open_segment_holds_up_no_commit_and_is_told_of_to_whoever_reads_it()
    {
        var session = await StartAsync(tailRowsMax: 1);
        session.Append("a", "t1", "t2");
        await session.SubmitAsync();
        session.Append("b", "t1");
        await session.SubmitAsync();
        await session.DisposeAsync();
        using (var connection = new SqliteConnection(File))
        {
            connection.Execute("UPDATE open_segments SET rows = x'80'");
            Assert.Equal(1, connection.Scalar("SELECT changes()"));
        }

        _accounts["b"] = 1;
        session = await StartAsync(tailRowsMax: 1);
        session.Append("b", "t2");
        await session.SubmitAsync();
        await Assert.ThrowsAsync<InvalidDataException>(() => session.EntriesAsync("a"));
        Assert.Equal(["t2", "t1"], await session.EntriesAsync("b"));
        await session.DisposeAsync();
        using (var connection = new SqliteConnection(File))
        {
            Assert.Equal(1, connection.Scalar("SELECT count(*) FROM segments WHERE rows = x'80'"));
        }
    }

    [Fact]
    public async Task A_row_that_moves_while_it_is_read_is_not_missed()
    {
        const int accounts = 30;
        var session = await StartAsync(tailRowsMax: 50);
        var stored = 0;
        var reading = Task.Run(async () =>
        {
            var random = new Random(1);
            for (var before = 0; before < 400;)
            {
                before = Volatile.Read(ref stored);
                var entries = await session.Journal.ReadEntriesAsync(Encoding.UTF8.GetBytes($"a{random.Next(accounts)}"), long.MaxValue, 1000);
                Assert.InRange(entries.Count, before, int.MaxValue);
                Assert.Equal(Enumerable.Range(1, entries.Count).Reverse(), entries.Select(entry => (int)entry.Sequence));
            }
        });
        for (var round = 1; round <= 400; round++)
        {
            for (var account = 0; account < accounts; account++)
            {
                session.Append($"a{account}", $"t{round}");
            }

            await session.SubmitAsync();
            Volatile.Write(ref stored, round);
        }

        await reading;
        await session.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private async Task<JournalSession> StartAsync(int tailRowsMax)
    {
        var session = await JournalSession.StartAsync(new SqliteJournal(Data, tailRowsMax), EntityKind.Terminal);
        await session.ContinueAsync(_accounts.ToDictionary(account => account.Key, account => (long)account.Value));
        return session;
    }

    /// <summary>After a kill the next one goes on with the files as they are at this moment.</summary>
    private async Task EndAsync(JournalSession session, bool isKilled)
    {
        if (isKilled)
        {
            var from = Data;
            _data++;
            Directory.CreateDirectory(Data);
            foreach (var file in (string[])["journal.db", "journal.db-wal"])
            {
                System.IO.File.Copy(Path.Combine(from, file), Path.Combine(Data, file));
            }
        }

        await session.DisposeAsync();
    }

    private async Task AppendAsync(JournalSession session, Random random, int accounts)
    {
        for (var row = random.Next(120); row > 0; row--)
        {
            var account = $"a{random.Next(random.Next(3) == 0 ? Math.Min(3, accounts) : accounts)}";
            var terminal = $"x{random.Next(random.Next(3) == 0 ? 2 : accounts)}";
            var sequence = _accounts[account] = _accounts.GetValueOrDefault(account) + 1;
            session.AppendNaming(account, $"t{sequence}", (EntityKind.Terminal, terminal));
            (_terminals.TryGetValue(terminal, out var named) ? named : _terminals[terminal] = []).Add((account, sequence));
        }

        await session.SubmitAsync();
    }

    private async Task CheckAsync(JournalSession session, Random random)
    {
        var lookups = _accounts.Select(account => (Sequence: 1 + random.Next(account.Value), Account: account.Key))
            .Select(wanted => (wanted.Sequence, Lookup: session.LookUp(wanted.Account, $"t{wanted.Sequence}"))).ToList();
        var recoveries = _accounts.Select(account => (account.Value, Recovery: session.Recover(account.Key))).ToList();
        var entities = _terminals.Select(terminal => (terminal.Value, Recovery: session.RecoverEntity(EntityKind.Terminal, terminal.Key))).ToList();
        await session.ReadAsync();
        Assert.All(lookups, wanted => Assert.Equal(wanted.Sequence, wanted.Lookup.Found?.Sequence));
        Assert.All(recoveries, account => Assert.Equal(Enumerable.Range(1, account.Value), account.Recovery.Entries.Select(entry => (int)entry.Sequence)));
        Assert.All(entities, terminal => Assert.Equal(
            terminal.Value,
            terminal.Recovery.Rows.Select(row => (Encoding.UTF8.GetString(row.AccountId), (int)row.Sequence))));
        foreach (var (account, count) in _accounts)
        {
            Assert.Equal(Enumerable.Range(1, count).Reverse().Take(1000).Select(i => $"t{i}"), await session.EntriesAsync(account));
            var before = 1 + random.Next(count);
            var page = await session.Journal.ReadEntriesAsync(Encoding.UTF8.GetBytes(account), before, 10);
            Assert.Equal(Enumerable.Range(1, before - 1).Reverse().Take(10), page.Select(entry => (int)entry.Sequence));
        }
    }

    /// <summary>Writes the journal's index as an engine of before has: segments of any length, and no open ones. From a position on some rows are in none.</summary>
    private void MakeOld(int rowsPerSegment, long tailStart)
    {
        using var connection = new SqliteConnection(File);
        connection.Execute($"DELETE FROM segments; DELETE FROM entity_segments; {StepBack}");
        connection.Execute($"INSERT OR REPLACE INTO settings VALUES ('tail_start', '{tailStart}'), ('entity_tail_start', '{tailStart}')");
        using var segment = connection.Prepare("INSERT INTO segments (account, first, last, rows) VALUES (?, ?, ?, ?)");
        var rows = Read("SELECT account, sequence, position, id_hash FROM journal ORDER BY account, sequence", row => (Account: row.Int64(0), Row: new IndexedRow(row.Int64(1), row.Int64(2), (ulong)row.Int64(3))));
        foreach (var run in rows.GroupBy(row => row.Account).SelectMany(account => account.Chunk(rowsPerSegment)).Where(run => run[0].Row.Position < tailStart || run[0].Account % 2 == 0))
        {
            var bytes = new byte[IndexedRow.BytesMax(run.Length)];
            var length = IndexedRow.Encode([.. run.Select(row => row.Row)], bytes);
            segment.Bind(1, run[0].Account).Bind(2, run[0].Row.Sequence).Bind(3, run[^1].Row.Sequence).Bind(4, bytes.AsSpan(0, length)).Run();
        }

        using var entitySegment = connection.Prepare("INSERT INTO entity_segments (entity, first, last, rows) VALUES ((SELECT number FROM entities WHERE key = ?), ?, ?, ?)");
        var positions = Read("SELECT a.id, j.sequence, j.position FROM journal j JOIN accounts a ON a.number = j.account", row => (Key: (Encoding.UTF8.GetString(row.Blob(0)), (int)row.Int64(1)), Position: row.Int64(2)))
            .ToDictionary(row => row.Key, row => row.Position);
        foreach (var (terminal, named) in _terminals)
        {
            foreach (var run in named.Select(row => new EntityRow(positions[row])).Chunk(rowsPerSegment).Where(run => run[0].Position < tailStart || terminal.Length % 2 == 0))
            {
                var bytes = new byte[EntityRow.BytesMax(run.Length)];
                var length = EntityRow.Encode(run, bytes);
                entitySegment.Bind(1, [(byte)EntityKind.Terminal, .. Encoding.UTF8.GetBytes(terminal)]).Bind(2, run[0].Position).Bind(3, run[^1].Position).Bind(4, bytes.AsSpan(0, length)).Run();
            }
        }

        List<T> Read<T>(string sql, Func<SqliteStatement, T> read)
        {
            using var query = connection.Prepare(sql);
            var found = new List<T>();
            while (query.Step())
            {
                found.Add(read(query));
            }

            return found;
        }
    }
}

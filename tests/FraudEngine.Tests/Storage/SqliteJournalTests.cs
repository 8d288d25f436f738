using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

public sealed class SqliteJournalTests : JournalContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_second_engine_on_the_same_directory_is_told_so()
    {
        await using var first = Open();
        var reason = Assert.Throws<IOException>(() => Open());
        Assert.Contains("in use by another engine", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_a_later_version_is_refused()
    {
        await Open().DisposeAsync();
        using (var connection = new SqliteConnection(Path.Combine(_folder.PathOf("data"), "journal.db")))
        {
            connection.Execute("PRAGMA user_version = 1000");
        }

        var reason = Assert.Throws<InvalidDataException>(() => Open());
        Assert.Contains("later version", reason.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data", "data/journal.db")]
    [InlineData("data/fraud.db", "data/fraud.db")]
    [InlineData("Data Source=data/fraud.sqlite; Cache=Shared", "data/fraud.sqlite")]
    [InlineData("DataSource=other", "other/journal.db")]
    [InlineData("a=b", "a=b/journal.db")]
    public void A_journal_is_in_a_directory_or_a_file(string location, string file) => Assert.Equal(Path.GetFullPath(file), SqliteLocation.FileOf(location));

    [Fact]
    public async Task A_damaged_account_is_said_to_be_and_all_others_are_read_as_they_are_now()
    {
        await using (var session = await JournalSession.StartAsync(new SqliteJournal(_folder.PathOf("data"), tailRowsMax: 1)))
        {
            session.Append("damaged", "t1", "t2");
            session.Append("healthy", "t1");
            await session.SubmitAsync();
            session.Append("other", "t1");
            await session.SubmitAsync();
        }

        using (var connection = new SqliteConnection(Path.Combine(_folder.PathOf("data"), "journal.db")))
        {
            connection.Execute("UPDATE open_segments SET rows = x'80' WHERE account = (SELECT number FROM accounts WHERE id = CAST('damaged' AS BLOB))");
            Assert.Equal(1, connection.Scalar("SELECT changes()"));
        }

        await using (var session = await JournalSession.StartAsync(Open()))
        {
            var damaged = session.Recover("damaged");
            var healthy = session.Recover("healthy");
            session.Submit();
            await session.UntilAnsweredAsync(1);
            Assert.IsType<InvalidDataException>(damaged.Failure);
            Assert.Single(healthy.Entries);

            session.Append("new", "t1", "t2");
            var recovered = session.Recover("new");
            session.Submit();
            await session.UntilAnsweredAsync(2);
            Assert.Equal(2, recovered.Entries.Count);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(100_000)]
    public async Task Every_row_is_found_whether_it_is_indexed_on_disk_or_in_memory_and_after_each_restart(int tailRowsMax)
    {
        var random = new Random(tailRowsMax);
        var written = new Dictionary<string, List<string>>();
        for (var life = 0; life < 4; life++)
        {
            await using var session = await JournalSession.StartAsync(new SqliteJournal(_folder.PathOf("data"), tailRowsMax));
            await session.ContinueAsync(written.ToDictionary(account => account.Key, account => (long)account.Value.Count));
            for (var batch = 0; batch < 30; batch++)
            {
                for (var row = random.Next(60); row > 0; row--)
                {
                    // A few busy accounts and many quiet ones.
                    var account = random.Next(2) == 0 ? $"busy{random.Next(3)}" : $"quiet{random.Next(200)}";
                    var ids = written.TryGetValue(account, out var known) ? known : written[account] = [];
                    ids.Add($"t{ids.Count}");
                    session.Append(account, ids[^1]);
                }

                await session.SubmitAsync();
            }

            foreach (var (account, ids) in written)
            {
                Assert.Equal(Enumerable.Reverse(ids), await session.EntriesAsync(account));
            }

            var lookups = written.Select(account => (account.Value.Count, Lookup: session.LookUp(account.Key, account.Value[0]), Recovery: session.Recover(account.Key))).ToList();
            await session.ReadAsync();
            Assert.All(lookups, account => Assert.Equal(1, account.Lookup.Found?.Sequence));
            Assert.All(lookups, account => Assert.Equal(account.Count, account.Recovery.Entries.Count));
            Assert.All(lookups, account => Assert.Equal(account.Count, account.Recovery.Account.LastSequence));
        }
    }

    public void Dispose() => _folder.Dispose();

    protected override IJournal Open() => new SqliteJournal(_folder.PathOf("data"));
}

using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;
using FraudEngine.Tests.TransactionFeed;

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

    public void Dispose() => _folder.Dispose();

    protected override IJournal Open() => new SqliteJournal(_folder.PathOf("data"));
}

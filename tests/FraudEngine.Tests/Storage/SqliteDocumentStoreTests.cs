using FraudEngine.Storage;
using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

public sealed class SqliteDocumentStoreTests : DocumentStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(null, null, 0, "documents_created")]
    [InlineData(null, null, 1, "documents_status")]
    [InlineData("a", null, 0, "documents_account")]
    [InlineData("a", "o", 2, "documents_account")]
    [InlineData(null, "o", 0, "documents_owner")]
    [InlineData(null, "o", 2, "documents_owner")]
    public async Task A_listing_walks_down_one_index_and_sorts_nothing(string? account, string? owner, int statuses, string index)
    {
        await InAsync(static _ => Task.CompletedTask);
        using var connection = new SqliteConnection(Path.Combine(_folder.PathOf("data"), "journal.db"));
        var sql = SqliteDocuments.ListSql(new DocumentFilter(account, [.. Enumerable.Range(0, statuses).Select(i => $"s{i}")], owner));
        using var plan = connection.Prepare("EXPLAIN QUERY PLAN " + sql);
        List<string> steps = [];
        while (plan.Step())
        {
            steps.Add(plan.Text(3));
        }

        Assert.Contains(steps, step => step.Contains(index, StringComparison.Ordinal) && step.Contains("created<?", StringComparison.Ordinal));
        Assert.DoesNotContain(steps, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    private protected override IDocumentStore Open() => new SqliteJournal(_folder.PathOf("data"));
}

public sealed class SqliteDeliveryStoreTests : DeliveryStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private protected override IDeliveryStore Open() => new SqliteJournal(_folder.PathOf("data"));
}

using FraudEngine.Storage;
using FraudEngine.Storage.Postgres;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

[NeedsPostgres]
[Collection(PostgresTests.Name)]
public sealed class PostgresJournalTests(PostgresFixture server) : JournalContract
{
    private readonly PostgresTestDatabase _database = new(server);

    protected override IJournal Open() => _database.Open();
}

[NeedsPostgres]
[Collection(PostgresTests.Name)]
public sealed class PostgresRuleStoreTests(PostgresFixture server) : RuleStoreContract
{
    private readonly PostgresTestDatabase _database = new(server);

    private protected override IRuleStore Open() => _database.Open();
}

[NeedsPostgres]
[Collection(PostgresTests.Name)]
public sealed class PostgresDocumentStoreTests(PostgresFixture server) : DocumentStoreContract
{
    private readonly PostgresTestDatabase _database = new(server);

    private protected override IDocumentStore Open() => _database.Open();
}

/// <summary>The database of one test, made when it is first opened.</summary>
internal sealed class PostgresTestDatabase(PostgresFixture server)
{
    private readonly Lazy<Task<string>> _connectionString = new(server.CreateDatabaseAsync);

    public Task<string> ConnectionStringAsync() => _connectionString.Value;

    public async Task<PostgresJournal> OpenAsync(string life = "life") =>
        await PostgresJournal.OpenAsync(new PostgresSettings { ConnectionString = await ConnectionStringAsync(), Life = life }, TimeProvider.System);

    public PostgresJournal Open() => Task.Run(() => OpenAsync()).GetAwaiter().GetResult();
}

using System.Globalization;

namespace FraudEngine.Tests.Servers;

/// <summary>One server for all tests that don't stop it; each test has a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? _server;
    private int _databases;

    public async Task InitializeAsync() => _server = PostgresServer.IsInstalled ? await PostgresServer.StartAsync("fsync=off") : null;

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public Task<string> CreateDatabaseAsync() =>
        _server!.CreateDatabaseAsync(string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}"));

    public Task DisposeAsync()
    {
        _server?.Dispose();
        return Task.CompletedTask;
    }
}

/// <summary>Its classes share a server, and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}

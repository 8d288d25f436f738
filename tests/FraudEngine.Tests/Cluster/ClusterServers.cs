using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Cluster;

/// <summary>PostgreSQL and RabbitMQ for all tests of a class.</summary>
public sealed class ClusterServers : IAsyncLifetime
{
    private int _databases;

    internal PostgresServer Postgres { get; private set; } = null!;

    internal RabbitServer Rabbit { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.IsInstalled && RabbitServer.IsInstalled)
        {
            var rabbit = RabbitServer.StartAsync();
            Postgres = await PostgresServer.StartAsync();
            Rabbit = await rabbit;
        }
    }

    public Task DisposeAsync()
    {
        Postgres?.Dispose();
        Rabbit?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>An empty database's connection string.</summary>
    internal Task<string> NewDatabaseAsync() => Postgres.CreateDatabaseAsync($"cluster{Interlocked.Increment(ref _databases)}");
}

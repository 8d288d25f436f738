using Npgsql;
using RabbitMQ.Client;

namespace FraudEngine.Tests.Servers;

/// <summary>The servers of the tests themselves: they run, and what was stored outlives a kill.</summary>
public sealed class ServerTests
{
    [PostgresFact]
    public async Task PostgreSql_comes_back_with_its_data_after_a_kill()
    {
        using var server = await PostgresServer.StartAsync();
        var database = await server.CreateDatabaseAsync("one");
        await ExecuteAsync("CREATE TABLE t (n int); INSERT INTO t VALUES (7)");
        server.Kill();
        await server.StartAgainAsync();
        Assert.Equal(7, await ExecuteAsync("SELECT n FROM t"));

        async Task<object?> ExecuteAsync(string sql)
        {
            await using var source = NpgsqlDataSource.Create(database);
            await using var command = source.CreateCommand(sql);
            return await command.ExecuteScalarAsync();
        }
    }

    [RabbitFact]
    public async Task RabbitMq_comes_back_with_its_queues_after_a_kill()
    {
        using var server = await RabbitServer.StartAsync();
        await using (var connection = await new ConnectionFactory { Uri = server.Url }.CreateConnectionAsync())
        {
            await using var channel = await connection.CreateChannelAsync();
            await channel.QueueDeclareAsync("kept", durable: true, exclusive: false, autoDelete: false);
        }

        // What is declared is kept in memory for some moments before it is written.
        await server.ControlAsync("eval", "mnesia:sync_log().");
        server.Kill();
        await server.StartAgainAsync();
        Assert.Contains("kept", await server.ControlAsync("list_queues", "name"), StringComparison.Ordinal);
    }
}

using System.Globalization;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Cluster;

/// <summary>One PostgreSQL and one RabbitMQ for all clusters of these tests, started by the first that needs them. Each cluster has a database and a virtual host of its own.</summary>
public sealed class SharedServers : IDisposable
{
    private const int VirtualHosts = 32;

    private Task? _started;
    private int _given;

    internal PostgresServer Database { get; private set; } = null!;

    internal RabbitServer Broker { get; private set; } = null!;

    public void Dispose()
    {
        Broker?.Dispose();
        Database?.Dispose();
    }

    /// <summary>An empty database and an empty virtual host.</summary>
    internal async Task<(string Database, string VirtualHost)> NewAsync()
    {
        await (_started ??= StartAsync());
        var name = string.Create(CultureInfo.InvariantCulture, $"cluster{++_given}");
        Assert.True(_given <= VirtualHosts);
        await Database.CreateDatabaseAsync(name);
        return (name, name);
    }

    /// <summary>Servers that listen on addresses of their own too.</summary>
    internal static async Task<SharedServers> StartOnAsync(string database, string broker, string network)
    {
        var servers = new SharedServers();
        servers._started = servers.StartAsync(PostgresServer.StartOnAsync(database, network), RabbitServer.StartOnAsync(broker));
        await servers._started;
        return servers;
    }

    private Task StartAsync() => StartAsync(PostgresServer.StartAsync(), RabbitServer.StartAsync());

    private async Task StartAsync(Task<PostgresServer> database, Task<RabbitServer> broker)
    {
        Database = await database;
        Broker = await broker;

        // All at once: each call of rabbitmqctl takes a second.
        var names = string.Join(',', Enumerable.Range(1, VirtualHosts).Select(i => string.Create(CultureInfo.InvariantCulture, $"<<\"cluster{i}\">>")));
        await Broker.ControlAsync(
            "eval",
            $"[begin rabbit_vhost:add(V, <<\"test\">>), rabbit_auth_backend_internal:set_permissions(<<\"guest\">>, V, <<\".*\">>, <<\".*\">>, <<\".*\">>, <<\"test\">>) end || V <- [{names}]], ok.");
    }
}

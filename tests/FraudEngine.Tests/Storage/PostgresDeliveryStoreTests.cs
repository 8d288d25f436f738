using FraudEngine.Storage;
using FraudEngine.Storage.Postgres;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

[NeedsPostgres]
[Collection(PostgresTests.Name)]
public sealed class PostgresDeliveryStoreTests(PostgresFixture server) : DeliveryStoreContract
{
    private readonly PostgresTestDatabase _database = new(server);

    [PostgresFact]
    public async Task A_channel_is_leased_by_one_node_at_a_time()
    {
        await using var one = await _database.OpenAsync("one");
        await using var other = await _database.OpenAsync("other");
        var lease = await one.TryLeaseAsync("email");
        Assert.NotNull(lease);
        Assert.Null(await other.TryLeaseAsync("email"));
        Assert.NotNull(await other.TryLeaseAsync("webhook:a"));
        Assert.Null(await one.TryLeaseAsync("webhook:a"));

        // They are not shards.
        Assert.Empty(await one.ReadHoldersAsync());
        await lease.DisposeAsync();
        Assert.False(lease.Lost.IsCancellationRequested);
        Assert.NotNull(await other.TryLeaseAsync("email"));

        // A node that ends leaves its channels to others at once.
        await other.DisposeAsync();
        Assert.NotNull(await one.TryLeaseAsync("email"));
        Assert.NotNull(await one.TryLeaseAsync("webhook:a"));
    }

    [PostgresFact]
    public async Task A_lease_is_lost_with_its_session_and_another_node_has_it_then()
    {
        await using var one = await _database.OpenAsync("one");
        await using var other = await _database.OpenAsync("other");
        var lease = await one.TryLeaseAsync("email");
        Assert.NotNull(lease);
        await using (var connection = new Npgsql.NpgsqlConnection(await _database.ConnectionStringAsync()))
        {
            await connection.OpenAsync();
            await connection.ExecuteAsync("SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND objid > 2147483648");
        }

        await Eventually.ThatAsync(() => lease.Lost.IsCancellationRequested, "the lease was lost");
        await using var taken = await other.TryLeaseAsync("email");
        Assert.NotNull(taken);
        Assert.Null(await one.TryLeaseAsync("email"));
        await lease.DisposeAsync();
        Assert.Null(await one.TryLeaseAsync("email"));
        await taken.DisposeAsync();
        Assert.NotNull(await one.TryLeaseAsync("email"));
    }

    [PostgresFact]
    public async Task A_node_that_is_evicted_loses_its_channels_too()
    {
        await using var silent = await _database.OpenAsync("silent");
        await using var other = await _database.OpenAsync("other");
        Assert.True(await silent.TryTakeAsync(3));
        Assert.NotNull(await silent.TryLeaseAsync("email"));
        var kept = await other.TryLeaseAsync("webhook:a");
        await other.EvictAsync(Assert.Single(await other.ReadHoldersAsync()));
        IDeliveryLease? taken = null;
        await Eventually.ThatAsync(async () => (taken = await other.TryLeaseAsync("email")) is not null, "the other node had the channel", TimeSpan.FromSeconds(20));
        Assert.False(taken!.Lost.IsCancellationRequested || kept!.Lost.IsCancellationRequested);
    }

    private protected override IDeliveryStore Open() => _database.Open();
}

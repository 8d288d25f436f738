using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

/// <summary>What every delivery store must do. Each implementation's tests derive from it.</summary>
public abstract class DeliveryStoreContract
{
    private const string Hook = "webhook:a";
    private const string Mail = "email";

    /// <summary>Opens the store of this test, which holds what was stored before in the same test.</summary>
    private protected abstract IDeliveryStore Open();

    [ContractFact]
    public async Task A_delivery_is_read_back_as_it_was_written_after_the_store_is_opened_again()
    {
        var delivery = new Delivery(Hook, 7, new AlertId(1, ulong.MaxValue), [0, 1, 200], DeliveryState.Waiting, 3, 100, 50, 60, new AlertId(ulong.MaxValue, 2), "503 \"später\"");
        await InAsync(async store =>
        {
            Assert.Null(await store.ReadCursorAsync(Hook));
            await store.WriteDeliveriesAsync(Hook, 7, [delivery, delivery with { Position = 5, Problem = null, State = DeliveryState.Delivered }]);
            await store.WriteDeliveriesAsync(Mail, 3, []);
        });

        await InAsync(async store =>
        {
            Assert.Equal([7L, 3L, null], [await store.ReadCursorAsync(Hook), await store.ReadCursorAsync(Mail), await store.ReadCursorAsync("webhook:b")]);
            var read = await store.ReadDeliveriesAsync(Hook, DeliveryState.None, 0, 10);
            Assert.Equal([Text(delivery with { Position = 5, Problem = null, State = DeliveryState.Delivered }), Text(delivery)], read.Select(Text));
            Assert.Null(read[0].Problem);
        });
    }

    [ContractFact]
    public async Task A_delivery_takes_the_place_of_an_earlier_one_of_its_channel_and_position() => await InAsync(async store =>
    {
        await store.WriteDeliveriesAsync(Hook, 2, [New(Hook, 1, DeliveryState.Waiting), New(Hook, 2, DeliveryState.Waiting)]);
        await store.WriteDeliveriesAsync(Mail, 2, [New(Mail, 1, DeliveryState.Grouped)]);
        await store.WriteDeliveriesAsync(Hook, 2, [New(Hook, 1, DeliveryState.Dead), New(Hook, 1, DeliveryState.Delivered) with { Attempts = 2 }]);
        Assert.Equal(
            [Text(New(Hook, 1, DeliveryState.Delivered) with { Attempts = 2 }), Text(New(Hook, 2, DeliveryState.Waiting))],
            (await store.ReadDeliveriesAsync(Hook, DeliveryState.None, 0, 10)).Select(Text));
        Assert.Equal([Text(New(Mail, 1, DeliveryState.Grouped))], (await store.ReadDeliveriesAsync(Mail, DeliveryState.None, 0, 10)).Select(Text));
    });

    [ContractFact]
    public async Task What_has_become_of_an_alert_is_told_on_all_channels_in_the_order_of_their_names() => await InAsync(async store =>
    {
        string[] channels = ["email", "webhook:B", "webhook:a", "webhook:b"];
        foreach (var channel in channels.Reverse())
        {
            await store.WriteDeliveriesAsync(channel, 9, [New(channel, 8, DeliveryState.Delivered), New(channel, 9, DeliveryState.Dead)]);
        }

        Assert.Equal(channels, (await store.ReadDeliveriesOfAsync(AlertOf(9))).Select(delivery => delivery.Channel));
        Assert.All(await store.ReadDeliveriesOfAsync(AlertOf(9)), delivery => Assert.Equal(DeliveryState.Dead, delivery.State));
        Assert.Empty(await store.ReadDeliveriesOfAsync(AlertOf(10)));
    });

    [ContractTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_deliveries_are_read_and_counted_as_a_dictionary_has_them(int seed)
    {
        var random = new Random(seed);
        var model = new Dictionary<(string Channel, long Position), Delivery>();
        var cursors = new Dictionary<string, long>();
        for (var life = 0; life < 3; life++)
        {
            await InAsync(async store =>
            {
                for (var step = 0; step < 30; step++)
                {
                    var channel = random.Next(2) == 0 ? Hook : Mail;
                    var changed = Enumerable.Range(0, random.Next(8))
                        .Select(_ => New(channel, 1 + random.Next(60), (DeliveryState)(1 + random.Next(4))) with { UpdatedTicks = random.Next(1000) })
                        .ToList();
                    changed.ForEach(delivery => model[(channel, delivery.Position)] = delivery);
                    cursors[channel] = random.Next(100);
                    await store.WriteDeliveriesAsync(channel, cursors[channel], changed);
                }

                await CheckAsync(store, model, cursors, 1 + random.Next(20));
            });
        }
    }

    [ContractFact]
    public async Task Writes_that_come_together_are_stored_in_their_order() => await InAsync(async store =>
    {
        var writes = new List<Task>();
        for (var i = 1; i <= 100; i++)
        {
            var (attempts, position) = (i, i % 7);
            writes.Add(store.WriteDeliveriesAsync(Hook, i, [.. Enumerable.Range(0, 20).Select(row => New(Hook, position + (row * 7), DeliveryState.Waiting) with { Attempts = attempts })]));
        }

        await Task.WhenAll(writes);
        Assert.Equal(100, await store.ReadCursorAsync(Hook));
        var read = await store.ReadDeliveriesAsync(Hook, DeliveryState.Waiting, -1, 1000);
        Assert.Equal(140, read.Count);
        Assert.All(read, delivery => Assert.Equal(delivery.Position % 7, delivery.Attempts % 7));
        Assert.All(read, delivery => Assert.InRange(delivery.Attempts, 94, 100));
        Assert.Equal(140, (await store.CountDeliveriesAsync(Hook))[DeliveryState.Waiting]);
    });

    [ContractFact]
    public async Task A_channel_is_leased_once_at_a_time() => await InAsync(async store =>
    {
        var lease = await store.TryLeaseAsync(Hook);
        Assert.NotNull(lease);
        Assert.False(lease.Lost.IsCancellationRequested);
        Assert.Null(await store.TryLeaseAsync(Hook));
        var other = await store.TryLeaseAsync(Mail);
        Assert.NotNull(other);
        await lease.DisposeAsync();
        await lease.DisposeAsync();
        var again = await store.TryLeaseAsync(Hook);
        Assert.NotNull(again);
        await lease.DisposeAsync();
        Assert.Null(await store.TryLeaseAsync(Hook));
        await again.DisposeAsync();
        await other.DisposeAsync();
    });

    /// <summary>Opens the store, and closes it after <paramref name="use"/>.</summary>
    private protected async Task InAsync(Func<IDeliveryStore, Task> use)
    {
        var store = Open();
        await using ((IAsyncDisposable)store)
        {
            await use(store);
        }
    }

    internal static AlertId AlertOf(long position) => new(7, (ulong)position);

    internal static Delivery New(string channel, long position, DeliveryState state) => new(channel, position, AlertOf(position), [1, 2], state, 1, 10, 20, 30, AlertOf(position), null);

    private static async Task CheckAsync(IDeliveryStore store, Dictionary<(string Channel, long Position), Delivery> model, Dictionary<string, long> cursors, int max)
    {
        foreach (var channel in (string[])[Hook, Mail])
        {
            Assert.Equal(cursors.TryGetValue(channel, out var cursor) ? cursor : null, await store.ReadCursorAsync(channel));
            var all = model.Values.Where(delivery => delivery.Channel == channel).OrderBy(delivery => delivery.Position).ToList();
            foreach (var state in Enum.GetValues<DeliveryState>())
            {
                var expected = all.Where(delivery => state == DeliveryState.None || delivery.State == state).Select(Text);
                var read = new List<Delivery>();
                for (var page = await store.ReadDeliveriesAsync(channel, state, 0, max); page.Count > 0; page = await store.ReadDeliveriesAsync(channel, state, read[^1].Position, max))
                {
                    Assert.InRange(page.Count, 1, max);
                    read.AddRange(page);
                }

                Assert.Equal(expected, read.Select(Text));
            }

            var counts = await store.CountDeliveriesAsync(channel);
            Assert.Equal(
                all.GroupBy(delivery => delivery.State).ToDictionary(group => group.Key, group => group.LongCount()).OrderBy(count => count.Key),
                counts.OrderBy(count => count.Key));
        }
    }

    private static string Text(Delivery delivery) =>
        $"{delivery with { AccountId = [] }} {Convert.ToHexString(delivery.AccountId)}".Replace("System.Byte[]", "", StringComparison.Ordinal);
}

using System.Globalization;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Ingress.Feed;
using FraudEngine.Tests.Servers;
using RabbitMQ.Client;

namespace FraudEngine.Tests.Ingress.Queues;

/// <summary>The contract of the feed for those who publish.</summary>
public sealed class FeedTests(FeedBroker broker) : IClassFixture<FeedBroker>
{
    [RabbitFact]
    public async Task Each_account_s_transactions_are_decided_in_the_order_in_which_they_were_published()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        string[] accounts = [.. Enumerable.Range(0, 20).Select(_ => Tx.NewAccount())];
        for (var i = 0; i < 50; i++)
        {
            await Task.WhenAll(accounts.Select(account => host.PublishAsync(account, Tx.Json(account, $"t{i}"))));
        }

        await rig.UntilAcknowledgedAsync(1000);
        foreach (var account in accounts)
        {
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"t{i}"), await rig.IdsOfAsync(account));
        }

        await host.UntilMessagesAsync(0);
        Assert.All(rig.Feed.Counts, counts => Assert.Equal(0, counts.InFlight));
    }

    [RabbitFact]
    public async Task What_can_not_be_decided_goes_to_the_dead_letters_with_its_reason()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var account = Tx.NewAccount();
        await host.PublishAsync(account, Tx.Json(account, "first"));
        (string Text, string Reason)[] bad =
        [
            ("{\"transactionId\":", "malformed"),
            ("", "malformed"),
            (Tx.Json(account, "no-amount", ("amount", "\"ten\"")), "invalid"),
            (Tx.Json(account, "first", ("amount", "13")), "id-reused"),
            (Tx.Json(account, "late", ("timestamp", "\"2026-05-01T10:00:00Z\"")), "too-late"),
            (Tx.Json(account, "ahead", ("timestamp", "\"2026-06-02T10:00:00Z\"")), "too-far-ahead"),
            (Tx.OfLength(16 * 1024 + 1), "too-large"),
        ];
        foreach (var (text, reason) in bad)
        {
            await host.PublishAsync(FeedHost.KeyOf(account), Encoding.UTF8.GetBytes(text), new BasicProperties { MessageId = "m-" + reason, Expiration = "60000", UserId = "guest" });
            var dead = await host.TakeAsync(TransactionQueues.Dead);
            Assert.Equal(reason, FeedHost.HeaderOf(dead, "x-reason"));
            Assert.NotEmpty(FeedHost.HeaderOf(dead, "x-detail"));
            Assert.StartsWith("transactions.", FeedHost.HeaderOf(dead, "x-queue"), StringComparison.Ordinal);
            Assert.Equal(FeedHost.KeyOf(account), FeedHost.HeaderOf(dead, "x-routing-key"));
            Assert.Equal(text.Length.ToString(CultureInfo.InvariantCulture), FeedHost.HeaderOf(dead, "x-bytes"));
            Assert.Equal(text[..Math.Min(text.Length, 16 * 1024)], FeedHost.BodyOf(dead));
            Assert.Equal("m-" + reason, dead.BasicProperties.MessageId);
            Assert.Null(dead.BasicProperties.Expiration);
        }

        await rig.UntilAcknowledgedAsync(bad.Length + 1);
        Assert.Equal(bad.Length, rig.Feed.Counts.Sum(counts => counts.DeadLettered));
        Assert.Equal(["first"], await rig.IdsOfAsync(account));
        await host.UntilMessagesAsync(0);
    }

    [RabbitFact]
    public async Task A_largest_transaction_is_decided()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        await host.PublishAsync("7", Encoding.UTF8.GetBytes(Tx.OfLength(16 * 1024)));
        await rig.UntilAcknowledgedAsync(1);
        Assert.Equal(0, rig.Feed.Counts.Sum(counts => counts.DeadLettered));
    }

    [RabbitFact]
    public async Task Other_routing_keys_are_decided_as_well_and_in_order()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var account = Tx.NewAccount();
        for (var i = 0; i < 100; i++)
        {
            await host.PublishAsync("no slot", Encoding.UTF8.GetBytes(Tx.Json(account, $"t{i}")));
        }

        foreach (var key in new[] { "256", "-1", "", "007", "*", new string('k', 255) })
        {
            await host.PublishAsync(key, Encoding.UTF8.GetBytes(Tx.Json(account, "of " + key[..Math.Min(3, key.Length)])));
        }

        await rig.UntilAcknowledgedAsync(106);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"t{i}"), (await rig.IdsOfAsync(account)).Take(100));
        Assert.Equal(106, rig.Feed.Counts.Single(counts => counts.Queue == TransactionQueues.Unrouted).Acknowledged);
    }

    [RabbitFact]
    public async Task Any_slot_finds_a_queue_whatever_the_account()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        for (var slot = 0; slot < TransactionQueues.Slots; slot++)
        {
            await host.PublishAsync(slot.ToString(CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(Tx.Json(Tx.NewAccount(), "t")));
        }

        await rig.UntilAcknowledgedAsync(256);
        Assert.All(rig.Feed.Counts, counts => Assert.Equal(counts.Queue == TransactionQueues.Unrouted ? 0 : 64, counts.Acknowledged));
        Assert.Equal(256, rig.Engine.Count().Decided(Outcome.Approve));
    }

    [RabbitFact]
    public async Task A_transaction_published_again_is_decided_once()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var account = Tx.NewAccount();
        for (var i = 0; i < 10; i++)
        {
            await host.PublishAsync(account, Tx.Json(account, "t"));
        }

        await rig.UntilAcknowledgedAsync(10);
        Assert.Equal(["t"], await rig.IdsOfAsync(account));
        Assert.Equal(9, rig.Engine.Count().Resends);
    }

    [RabbitFact]
    public async Task Whoever_asks_for_the_answer_gets_it()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var channel = await host.ChannelAsync();
        var answers = (await channel.QueueDeclareAsync()).QueueName;
        var account = Tx.NewAccount();
        await host.PublishAsync(FeedHost.KeyOf(account), Encoding.UTF8.GetBytes(Tx.Json(account, "t")), new BasicProperties { ReplyTo = answers, CorrelationId = "7" });
        var decided = await host.TakeAsync(answers);
        Assert.Equal(Tx.Approved(account, "t"), FeedHost.BodyOf(decided));
        Assert.Equal("application/json", decided.BasicProperties.ContentType);
        Assert.Equal("7", decided.BasicProperties.CorrelationId);

        await host.PublishAsync(FeedHost.KeyOf(account), "{}"u8.ToArray(), new BasicProperties { ReplyTo = answers, MessageId = "8" });
        var refused = await host.TakeAsync(answers);
        Assert.Contains("urn:fraudengine:problem:invalid", FeedHost.BodyOf(refused), StringComparison.Ordinal);
        Assert.Equal("application/problem+json", refused.BasicProperties.ContentType);
        Assert.Equal("8", refused.BasicProperties.CorrelationId);
        Assert.Equal("invalid", await host.DeadReasonAsync());
    }

    [RabbitFact]
    public async Task An_answer_that_nobody_can_have_disturbs_nothing()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var account = Tx.NewAccount();
        string[] hostile = ["no such queue", TransactionQueues.Dead, TransactionQueues.QueueOf(0, FeedRig.Shards), new string('q', 255)];
        for (var i = 0; i < hostile.Length; i++)
        {
            await host.PublishAsync(FeedHost.KeyOf(account), Encoding.UTF8.GetBytes(Tx.Json(account, $"t{i}")), new BasicProperties { ReplyTo = hostile[i] });
        }

        await rig.UntilAcknowledgedAsync(hostile.Length);
        await host.PublishAsync(account, "not a transaction");
        Assert.Equal("malformed", await host.DeadReasonAsync());
        Assert.Equal(hostile.Length, (await rig.IdsOfAsync(account)).Count());
        await rig.UntilAcknowledgedAsync(hostile.Length + 1);
    }

    [RabbitFact]
    public async Task The_text_alone_says_what_a_message_is()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var account = Tx.NewAccount();
        var headers = new Dictionary<string, object?> { ["large"] = new string('h', 100_000), ["deep"] = new Dictionary<string, object?> { ["list"] = new List<object?> { 1, null, "x" } } };
        BasicProperties[] properties =
        [
            new(), new() { ContentType = "text/html" }, new() { ContentType = "", ContentEncoding = "gzip" }, new() { Headers = headers }, new() { Priority = 9, DeliveryMode = DeliveryModes.Transient },
        ];
        for (var i = 0; i < properties.Length; i++)
        {
            await host.PublishAsync(FeedHost.KeyOf(account), Encoding.UTF8.GetBytes(Tx.Json(account, $"t{i}")), properties[i]);
            await host.PublishAsync(FeedHost.KeyOf(account), [0xFF, 0x00, 0x7B], properties[i]);
            Assert.Equal("malformed", await host.DeadReasonAsync());
        }

        await rig.UntilAcknowledgedAsync(2 * properties.Length);
        Assert.Equal(properties.Length, (await rig.IdsOfAsync(account)).Count());
    }

    [RabbitFact]
    public async Task A_message_of_many_megabytes_is_set_aside_by_its_beginning()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var account = Tx.NewAccount();
        await host.PublishAsync(FeedHost.KeyOf(account), new byte[80 << 20]);
        await host.PublishAsync(account, Tx.Json(account, "after"));
        var dead = await host.TakeAsync(TransactionQueues.Dead);
        Assert.Equal("too-large", FeedHost.HeaderOf(dead, "x-reason"));
        Assert.Equal($"{80 << 20}", FeedHost.HeaderOf(dead, "x-bytes"));
        Assert.Equal(16 * 1024, dead.Body.Length);
        await rig.UntilAcknowledgedAsync(2);
        Assert.Equal(["after"], await rig.IdsOfAsync(account));
        Assert.Equal(0, rig.Feed.Counts.Sum(counts => counts.Redelivered));
    }

    [RabbitFact]
    public async Task A_flood_of_what_can_not_be_decided_stops_nobody()
    {
        await using var host = await broker.NewHostAsync();
        await using var rig = await FeedRig.StartAsync(host.Url);
        var (good, bad) = (Tx.NewAccount(), 0);
        using var enough = new CancellationTokenSource();
        var flood = Task.Run(async () =>
        {
            await using var hostile = new FeedHost(host.Server, host.Url.AbsolutePath[1..]);
            while (!enough.IsCancellationRequested)
            {
                await Task.WhenAll(Enumerable.Range(0, 200).Select(i => hostile.PublishAsync((i % 256).ToString(CultureInfo.InvariantCulture), new byte[i * 100])));
                bad += 200;
            }
        });
        for (var i = 0; i < 100; i++)
        {
            await host.PublishAsync(good, Tx.Json(good, $"t{i}"));
        }

        await Eventually.ThatAsync(() => rig.Engine.Count().Decided(Outcome.Approve) == 100, "the good ones were decided amid the flood");
        await enough.CancelAsync();
        await flood;
        await rig.UntilAcknowledgedAsync(bad + 100);
        Assert.Equal(bad, rig.Feed.Counts.Sum(counts => counts.DeadLettered));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"t{i}"), await rig.IdsOfAsync(good));
    }

    [RabbitFact]
    public async Task The_queues_can_be_declared_again_but_not_for_another_number_of_shards()
    {
        await using var host = await broker.NewHostAsync();
        await host.ChannelAsync();
        await using var connection = await new ConnectionFactory { Uri = host.Url }.CreateConnectionAsync();
        await TransactionQueues.DeclareAsync(connection, 3, CancellationToken.None);
        await TransactionQueues.DeclareAsync(connection, 3, CancellationToken.None);
        var refused = await Assert.ThrowsAsync<IOException>(() => TransactionQueues.DeclareAsync(connection, 8, CancellationToken.None));
        Assert.Contains("another Engine:Shards", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 64, "transactions.0")]
    [InlineData(63, 64, "transactions.63")]
    [InlineData(2, 3, "transactions.2")]
    [InlineData(1023, 1024, "transactions.255")]
    [InlineData(4, 1024, "transactions.1")]
    public void A_shard_s_transactions_stand_in_one_queue(int shard, int shards, string queue) => Assert.Equal(queue, TransactionQueues.QueueOf(shard, shards));
}

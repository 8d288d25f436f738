using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Ingress.Feed;
using TransactionFeed.Broker;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>The routing keys that senders choose.</summary>
public sealed partial class AccountSlotTests
{
    [Fact]
    public void The_client_s_slots_are_the_top_of_the_engine_s_hash()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var account = new string([.. Enumerable.Range(0, random.Next(0, 65)).Select(_ => i % 3 == 0 ? (char)random.Next(0x20, 0xD7FF) : (char)random.Next('0', 'z'))]);
            Assert.Equal((Hash64.Of(Encoding.UTF8.GetBytes(account)) >> 56).ToString(CultureInfo.InvariantCulture), AccountSlot.KeyOf(account));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(256)]
    public void Of_a_power_of_two_of_shards_each_has_the_queue_of_its_accounts(int shards)
    {
        for (var i = 0; i < 1000; i++)
        {
            var shard = ShardRegion<object>.IndexOf(Hash64.Of(Encoding.UTF8.GetBytes($"account-{i}")), shards);
            var slot = int.Parse(AccountSlot.KeyOf($"account-{i}"), CultureInfo.InvariantCulture);
            Assert.Equal(TransactionQueues.QueueOf(shard, shards), $"transactions.{slot * shards / TransactionQueues.Slots}");
        }
    }

    [Fact]
    public void The_slots_in_the_documents_are_right()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "feed.md")));
        Assert.True(rows.Count >= 5);
        Assert.All(rows, row => Assert.Equal(row.Groups[2].Value, AccountSlot.KeyOf(row.Groups[1].Value)));
    }

    [GeneratedRegex(@"^\| `([^`]+)` \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}

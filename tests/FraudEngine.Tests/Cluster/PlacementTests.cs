using FraudEngine.Cluster;

namespace FraudEngine.Tests.Cluster;

public sealed class PlacementTests
{
    private const int Rounds = 200;

    [Fact]
    public void No_node_has_more_than_one_shard_more_than_another()
    {
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            var shards = 1 + random.Next(300);
            var nodes = Names(random, 1 + random.Next(12));
            var counts = nodes.Select(node => Placement.Of(shards, nodes).Count(placed => placed == node)).ToArray();
            Assert.Equal(shards, counts.Sum());
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
    }

    [Fact]
    public void It_is_the_same_for_the_same_nodes_in_any_order_and_named_twice()
    {
        var random = new Random(2);
        for (var round = 0; round < Rounds; round++)
        {
            var nodes = Names(random, 1 + random.Next(8));
            var other = nodes.Concat(nodes.Take(1)).ToArray();
            random.Shuffle(other);
            Assert.Equal(Placement.Of(64, nodes), Placement.Of(64, other));
        }
    }

    [Fact]
    public void It_stays_the_same_from_version_to_version()
    {
        // Nodes of different versions must agree. The numbers are what the first version said.
        var placed = Placement.Of(16, ["a", "b", "c"]);
        Assert.Equal("caaabcbaabbcccbc", string.Concat(placed));
    }

    [Fact]
    public void Nobody_is_placed_where_there_is_nobody()
    {
        Assert.All(Placement.Of(8, []), Assert.Null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Little_more_than_the_least_moves_when_a_node_comes_or_goes(bool isJoin)
    {
        var random = new Random(3);
        var moved = 0;
        var least = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var count = 2 + random.Next(7);
            var nodes = Names(random, count + 1);
            var small = Placement.Of(64, nodes.Take(count));
            var large = Placement.Of(64, nodes);
            moved += small.Zip(large).Count(static pair => pair.First != pair.Second);
            least += isJoin ? 64 / (count + 1) : large.Count(placed => placed == nodes[count]);
        }

        // What balancing costs on top.
        Assert.InRange(moved / (double)least, 1, 1.6);
    }

    private static string[] Names(Random random, int count) => [.. Enumerable.Range(0, count).Select(i => $"node-{i}-{random.Next(1000)}")];
}

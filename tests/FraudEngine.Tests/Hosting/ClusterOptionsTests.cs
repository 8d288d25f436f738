using FraudEngine.Hosting;

namespace FraudEngine.Tests.Hosting;

public sealed class ClusterOptionsTests
{
    [Fact]
    public void A_node_without_a_name_is_named_after_its_machine_and_port()
    {
        var settings = new ClusterOptions().ToSettings("http://127.0.0.1:5080;https://[::1]:5443");
        Assert.Equal($"{Environment.MachineName}-5080", settings.Node);
        Assert.Equal("http://127.0.0.1:5080", settings.Url);
        Assert.Equal(TimeSpan.FromSeconds(3), settings.SilenceMax);
    }

    [Fact]
    public void What_is_configured_counts()
    {
        var settings = new ClusterOptions { Node = "a-1", OwnUrl = "http://10.0.0.1:5081", SilenceMax = TimeSpan.FromSeconds(9) }.ToSettings("http://*:80");
        Assert.Equal(("a-1", "http://10.0.0.1:5081", TimeSpan.FromSeconds(9)), (settings.Node, settings.Url, settings.SilenceMax));
    }

    [Fact]
    public void Each_wrong_value_is_named_with_its_bounds()
    {
        Assert.Empty(new ClusterOptions().Problems());
        Assert.Empty(new ClusterOptions { Node = new string('n', 64), SilenceMax = TimeSpan.FromSeconds(1.5), ForwardTimeout = TimeSpan.FromSeconds(2) }.Problems());
        var problems = new ClusterOptions
        {
            Node = "a b",
            OwnUrl = "nonsense",
            SilenceMax = TimeSpan.FromSeconds(1.4),
            AskAgainAfter = TimeSpan.FromSeconds(20),
            ForwardTimeout = TimeSpan.FromSeconds(19),
        }.Problems().ToArray();
        string[] expected =
        [
            "Cluster:Node is 'a b'", "Cluster:OwnUrl is 'nonsense'", "Cluster:SilenceMax is 00:00:01.4000000, but must be from 00:00:01.5",
            "Cluster:ForwardTimeout is 00:00:19, but must be from 00:00:20",
        ];
        Assert.Equal(expected.Length, problems.Length);
        Assert.All(expected.Zip(problems), static pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
        Assert.Single(new ClusterOptions { AskAgainAfter = TimeSpan.Zero }.Problems());
    }
}

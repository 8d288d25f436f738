using FraudEngine.Hosting;

namespace FraudEngine.Tests.Hosting;

/// <summary>The options of the broker.</summary>
public sealed class BrokerOptionsTests
{
    [Theory]
    [InlineData("", "no broker")]
    [InlineData("amqp://u:s3cret@localhost/", "amqp://localhost/")]
    [InlineData("amqp://u:s3cret@localhost:5673/fraud", "amqp://localhost:5673/fraud")]
    [InlineData("amqps://u:s3cret@broker.example", "amqps://broker.example/")]
    public void An_address_is_shown_without_user_and_password(string url, string shown)
    {
        var options = new BrokerOptions { Url = url };
        Assert.Empty(options.Problems());
        Assert.Equal(shown, options.ToString());
    }

    [Theory]
    [InlineData("u:s3cret@localhost")]
    [InlineData("http://u:s3cret@localhost/")]
    [InlineData("amqp://u:s3 cret@local host/")]
    [InlineData("amqp:///")]
    [InlineData("amqp://u:a#s3cret@localhost/")]
    [InlineData("amqp://u:a@s3cret#@localhost/")]
    [InlineData("amqp://u:1/s3cret@localhost/")]
    public void What_is_no_address_is_refused_without_showing_it(string url)
    {
        var problem = Assert.Single(new BrokerOptions { Url = url }.Problems());
        Assert.StartsWith("Broker:Url", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void The_prefetch_has_bounds(int prefetch) => Assert.Contains("Broker:PrefetchMax", Assert.Single(new BrokerOptions { PrefetchMax = prefetch }.Problems()), StringComparison.Ordinal);
}

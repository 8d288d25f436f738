using FraudEngine.Hosting;
using FraudEngine.Hosting.Workers;

namespace FraudEngine.Tests.Hosting.Workers;

public sealed class ClusterArgumentsTests
{
    [Fact]
    public void The_worker_s_number_stands_in_for_its_placeholder()
    {
        var arguments = ClusterArguments.Parse(["--nodes", "64", "--Storage:ConnectionString", "data-{worker}", "--urls=http://*:80"]);
        Assert.Equal(64, arguments.Nodes);
        Assert.False(arguments.IsApart);
        Assert.Equal(["--Storage:ConnectionString", "data-7", "--urls=http://*:80"], arguments.For(7));
        Assert.True(ClusterArguments.Parse(["--apart", "--nodes=1"]).IsApart);
    }

    [Theory]
    [InlineData("", "cluster needs --nodes N")]
    [InlineData("--nodes", "--nodes is '', but must be from 1 to 64")]
    [InlineData("--nodes 0", "--nodes is '0', but must be from 1 to 64")]
    [InlineData("--nodes=65", "--nodes is '65', but must be from 1 to 64")]
    [InlineData("--nodes two", "--nodes is 'two', but must be from 1 to 64")]
    [InlineData("--nodes 2 --demo", "--demo runs one engine")]
    [InlineData("--nodes 2", "A cluster needs --Storage:Provider Postgres and --Broker:Url")]
    [InlineData("--nodes 2 --Storage:Provider Postgres", "A cluster needs --Storage:Provider Postgres and --Broker:Url")]
    [InlineData("--nodes 2 --apart", "With --apart each worker needs its own data")]
    [InlineData("--nodes 2 --apart --Storage:ConnectionString d{worker} --Engine:Shards 0", "Engine:Shards is 0")]
    [InlineData("--nodes 2 --apart --Storage:ConnectionString d{worker} --Engine:Shard 1", "There is no option '--Engine:Shard'")]
    [InlineData("--nodes 2 --apart --Storage:ConnectionString d{worker} --Cluster:Node a/b", "Cluster:Node is 'a/b'")]
    [InlineData("--nodes 2 --apart --Storage:ConnectionString d{worker} --Kestrel:Endpoints:a:Url http://*:80", "Kestrel:Endpoints is set")]
    [InlineData("--nodes 2 --apart --Storage:ConnectionString d{worker} --urls nonsense", "Choose another address with --urls")]
    [InlineData("--nodes 2 --apart --Storage:ConnectionString d{worker} --urls http://unix:/a", "workers share addresses such as")]
    [InlineData("--nodes 2 --apart --Storage:ConnectionString d{worker} --urls http://192.0.2.1:80", "Failed to bind to address http://192.0.2.1:80")]
    [InlineData("--nodes 2 --apart --Storage:ConnectionString d{worker} --urls http://127.0.0.1:0 --Cluster:OwnUrl http://host:1", "must be a number")]
    public async Task What_is_wrong_is_said_before_any_worker_is_started(string args, string message)
    {
        // The rules are not where tests run.
        string[] rules = args.Length > 0 ? ["--Rules:Path", Path.Combine(Repository.Root, "config", "rules.yaml")] : [];
        var reason = await Assert.ThrowsAsync<StartException>(() => ClusterCommand.RunAsync([.. args.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. args == "--nodes" ? [] : rules]));
        Assert.Contains(message, reason.Message, StringComparison.Ordinal);
    }
}

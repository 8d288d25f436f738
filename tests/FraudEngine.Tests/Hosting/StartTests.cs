
namespace FraudEngine.Tests.Hosting;

/// <summary>Starting as a user does, and being told what is wrong.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("--Engine:Shards=0", "Engine:Shards is 0, but must be from 1 to 4096")]
    [InlineData("--Engine:Shards=many", "Engine:Shards")]
    [InlineData("--Engine:Horizon=00:00:01", "Engine:Horizon is 00:00:01, but must be from 00:01:00")]
    [InlineData("--Storage:Provider=Oracle", "Storage:Provider is 'Oracle', but must be Sqlite")]
    [InlineData("--Rules:Path=nowhere.yaml", "Rules:Path is 'nowhere.yaml', but there is no such file")]
    [InlineData("--Ingress:DefaultCurrency=euro", "Ingress:DefaultCurrency is 'euro'")]
    [InlineData("--urls=nonsense", "Choose another address with --urls")]
    [InlineData("--Engine:Shards", "--Engine:Shards has no value")]
    [InlineData("--Egress:SubscribersMax=-1", "Egress:SubscribersMax is -1")]
    [InlineData("--Rule:Path=x", "There is no option '--Rule:Path'")]
    [InlineData("--Storage:Retention=90.00:00:00", "Storage:Retention is 90.00:00:00, but only a journal in PostgreSQL")]
    [InlineData("--Engine:Shard=8", "There is no option '--Engine:Shard'")]
    public async Task A_wrong_option_stops_the_start_and_names_option_value_and_bound(string option, string message)
    {
        using var engine = new ChildProcess("FraudEngine", _folder.PathOf("."), option);
        Assert.Equal(1, await engine.ExitAsync());
        Assert.Contains(message, engine.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", engine.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Engine\": { \"Shards\": 0 } }", "Engine:Shards is 0, but must be from 1 to 4096")]
    [InlineData("{ \"Engine\": { \"Shards\": 64,, } }", "engine.json")]
    public async Task The_settings_file_of_the_working_directory_counts(string settings, string message)
    {
        Directory.CreateDirectory(_folder.PathOf("config"));
        _folder.Write("config/engine.json", settings);
        using var engine = new ChildProcess("FraudEngine", _folder.PathOf("."), "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, await engine.ExitAsync());
        Assert.Contains(message, engine.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", engine.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_rule_stops_the_start_with_line_and_column()
    {
        var rules = _folder.Write("rules.yaml", """
            name: wrong
            version: 1
            thresholds: { review: 0.5, decline: 0.8 }
            rules:
              - id: a
                when: ammount > 3
                score: 0.1
                text: Text
            """);
        using var engine = new ChildProcess("FraudEngine", _folder.PathOf("."), "--Rules:Path", rules, "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, await engine.ExitAsync());
        Assert.Contains("rules.yaml:6:11", engine.Output, StringComparison.Ordinal);
        Assert.Contains("amount", engine.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_or_a_directory_in_use_is_said_in_a_sentence()
    {
        var port = EngineProcess.FreePort();
        using var first = await EngineProcess.StartAsync(_folder.PathOf("."), port);
        using var sameAddress = new ChildProcess("FraudEngine", _folder.PathOf("."), "--urls", first.Url, "--Storage:ConnectionString", _folder.PathOf("other"));
        using var sameData = new ChildProcess("FraudEngine", _folder.PathOf("."), "--urls", "http://127.0.0.1:0");
        Assert.Equal(1, await sameAddress.ExitAsync());
        Assert.Equal(1, await sameData.ExitAsync());
        Assert.Contains("Choose another address with --urls", sameAddress.Output, StringComparison.Ordinal);
        Assert.Contains("is in use by another engine", sameData.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", sameAddress.Output + sameData.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_lists_every_option()
    {
        using var engine = new ChildProcess("FraudEngine", _folder.PathOf("."), "--help");
        Assert.Equal(0, await engine.ExitAsync());
        foreach (var section in new[] { typeof(FraudEngine.Hosting.EngineOptions), typeof(FraudEngine.Hosting.IngressOptions), typeof(FraudEngine.Hosting.StorageOptions), typeof(FraudEngine.Hosting.RulesOptions), typeof(FraudEngine.Hosting.ModelOptions), typeof(FraudEngine.Hosting.EgressOptions), typeof(FraudEngine.Hosting.ClusterOptions) })
        {
            foreach (var option in section.GetProperties())
            {
                Assert.Contains($"--{section.Name.Replace("Options", "", StringComparison.Ordinal)}:{option.Name}", engine.Output, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_demo_shows_rate_decisions_and_alerts_and_leaves_nothing_behind()
    {
        using var demo = new ChildProcess("FraudEngine", _folder.PathOf("."), "--demo", "--urls", "http://127.0.0.1:0");
        await demo.UntilItPrintsAsync("decisions/s");
        await demo.UntilItPrintsAsync("ALERT");
        await demo.StopAsync();
        Assert.Equal(0, demo.ExitCode);
        Assert.Contains("Stopped after", demo.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.PathOf(".")));
    }

    [Fact]
    public async Task An_engine_without_any_option_keeps_its_data_in_the_working_directory()
    {
        using var engine = await EngineProcess.StartAsync(_folder.PathOf("."), EngineProcess.FreePort());
        Assert.True(File.Exists(Path.Combine(_folder.PathOf("data"), "journal.db")));
        Assert.Equal("ready", await engine.GetAsync("/health/ready"));
        await engine.StopAsync();
    }

    [Fact]
    public async Task Run_from_another_directory_it_takes_rules_and_data_from_there()
    {
        Directory.CreateDirectory(_folder.PathOf("config"));
        _folder.Write("config/rules.yaml", "name: mine\nversion: 7\nthresholds: { review: 0.5, decline: 0.8 }\nrules: []\n");
        using var engine = ChildProcess.Run("FraudEngine", _folder.PathOf("."), "--urls", "http://127.0.0.1:0");
        await engine.UntilItPrintsAsync("listens on");
        Assert.Contains("mine@7", engine.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder.PathOf("data"), "journal.db")));
    }

    public void Dispose() => _folder.Dispose();
}

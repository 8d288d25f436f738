using FraudEngine.Hosting;
using FraudEngine.Tests.Engine;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Hosting;

/// <summary>A model named by Model:Path: what stops the start, and what is in force after it.</summary>
public sealed class ModelStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string?, string> Broken() => new()
    {
        { "nonsense", null, "model.yaml:1:1: " },
        { TinyModel.Yaml(1, "amount"), null, "model.yaml: trees is 'tiny.json', but there is no such file in " },
        { TinyModel.Yaml(1, "amont"), TinyModel.Trees(1), "model.yaml:7:12: " },
        { TinyModel.Yaml(1, "accountId in list(\"nowhere\")"), TinyModel.Trees(1), "model.yaml:7:" },
        { TinyModel.Yaml(1, "count(device, 1h)"), TinyModel.Trees(1), "model.yaml:7:" },
        { TinyModel.Yaml(1, "count(account, 90d)"), TinyModel.Trees(1), "model.yaml:7:" },
        { TinyModel.Yaml(1, "amount"), "{", "tiny.json: the file is not JSON" },
        { TinyModel.Yaml(1, "amount"), "{}", "tiny.json: " },
        { TinyModel.Yaml(1, "amount"), TinyModel.Trees(1, second: "other"), "tiny.json: Feature 2 of tiny.json is 'other', but that of tiny@1 is 'second'" },
        { TinyModel.Yaml(1, "amount") + "  - { name: third, value: amount }\n", TinyModel.Trees(1), "was trained on 2 features, but tiny@1 has 3" },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_model_that_can_not_be_used_stops_the_start_and_names_file_and_place(string yaml, string? trees, string message)
    {
        var path = _folder.Write("model.yaml", yaml);
        if (trees is not null)
        {
            _folder.Write(TinyModel.TreesFile, trees);
        }

        var stopped = await Assert.ThrowsAsync<StartException>(() => RunningEngine.StartAsync($"--Model:Path={path}", "--Engine:Entities=terminal,merchant"));
        Assert.Contains(message, stopped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Model:Path=nowhere.yaml", "Model:Path is 'nowhere.yaml', but there is no such file")]
    [InlineData("--Engine:Entities=terminal,account", "Engine:Entities is 'terminal,account', but takes terminal,merchant,device,counterparty or some of them, and 'account' is none")]
    [InlineData("--Engine:Entities=shop", "'shop' is none")]
    [InlineData("--Engine:EntityTimeout=00:00:00", "Engine:EntityTimeout is 00:00:00, but must be from")]
    [InlineData("--Engine:ResidentEntitiesMax=0", "Engine:ResidentEntitiesMax is 0, but must be from 1")]
    public async Task A_wrong_option_stops_the_start(string option, string message)
    {
        var stopped = await Assert.ThrowsAsync<StartException>(() => RunningEngine.StartAsync(option));
        Assert.Contains(message, stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_may_look_at_the_configured_entities_only()
    {
        var engine = new RunningEngine { RuleFile = Ingress.RuleChangeTests.Yaml(1, "count(device, 1h) > 3"), Options = ["--Engine:Entities=terminal"] };
        var stopped = await Assert.ThrowsAsync<StartException>(engine.InitializeAsync);
        Assert.Contains("device", stopped.Message, StringComparison.Ordinal);
        await engine.DisposeAsync();
        await using var other = new RunningEngine { RuleFile = Ingress.RuleChangeTests.Yaml(1, "count(device, 1h) > 3"), Options = ["--Engine:Entities=device, terminal"] };
        await other.InitializeAsync();
    }

    [Fact]
    public async Task What_came_last_is_in_force_after_a_restart_and_a_version_never_changes()
    {
        var path = Write(1, limit: 100);
        await using var engine = await RunningEngine.StartAsync($"--Model:Path={path}");
        Assert.Equal("tiny@1", InForce(engine));
        await engine.Host.Models.PutAsync(TinyModel.Text(2, "amount", 200), "http");
        await engine.RestartAsync();
        Assert.Equal("tiny@2", InForce(engine));
        Write(3, limit: 300);
        await engine.RestartAsync();
        Assert.Equal("tiny@3", InForce(engine));
        await engine.Host.Models.RemoveAsync("http");
        await engine.RestartAsync();
        Assert.Null(InForce(engine));

        Write(3, limit: 301);
        var stopped = await Assert.ThrowsAsync<StartException>(engine.RestartAsync);
        Assert.Contains("Another model is stored as tiny@3, and a version never changes: decisions name it. Raise 'version' to 4.", stopped.Message, StringComparison.Ordinal);

        // Comments are no change, but the file is another: it comes after what was removed over HTTP.
        Write(3, limit: 300, comment: "# as before\n");
        await engine.RestartAsync();
        Assert.Equal("tiny@3", InForce(engine));
    }

    [Fact]
    public async Task Without_its_file_a_model_is_gone_and_one_that_is_put_stays()
    {
        await using var engine = await RunningEngine.StartAsync($"--Model:Path={Write(1, limit: 100)}");
        engine.Options = [];
        await engine.RestartAsync();
        Assert.Null(InForce(engine));
        await engine.Host.Models.PutAsync(TinyModel.Text(2, "amount", 200), "http");
        await engine.RestartAsync();
        Assert.Equal("tiny@2", InForce(engine));
    }

    [Fact]
    public async Task Both_files_are_followed_and_what_does_not_fit_changes_nothing()
    {
        await using var engine = await RunningEngine.StartAsync($"--Model:Path={Write(1, limit: 100)}");
        _folder.Write("model.yaml", TinyModel.Yaml(2, "amount").Replace(TinyModel.TreesFile, "next.json", StringComparison.Ordinal));
        _folder.Write("next.json", TinyModel.Trees(7)[..100]);
        _folder.Write("next.json", TinyModel.Trees(7));
        await InForceAsync(engine, "tiny@2");
        _folder.Write("model.yaml", "name: [");
        _folder.Write("model.yaml", TinyModel.Yaml(3, "amount").Replace("second", "other", StringComparison.Ordinal));
        Assert.Equal("tiny@2", InForce(engine));
        Write(3, limit: 8);
        await InForceAsync(engine, "tiny@3");

        // Trees alone: another model under the same version.
        _folder.Write(TinyModel.TreesFile, TinyModel.Trees(9));
        _folder.Write("model.yaml", TinyModel.Yaml(4, "amount"));
        await InForceAsync(engine, "tiny@4");
    }

    public void Dispose() => _folder.Dispose();

    internal static string? InForce(RunningEngine engine) => engine.Host.Engine.InForce.Model?.Model.Features.Reference;

    private static Task InForceAsync(RunningEngine engine, string model) => Eventually.ThatAsync(() => InForce(engine) == model, $"{model} is in force");

    private string Write(int version, int limit, string comment = "")
    {
        _folder.Write(TinyModel.TreesFile, TinyModel.Trees(limit));
        return _folder.Write("model.yaml", comment + TinyModel.Yaml(version, "amount"));
    }
}

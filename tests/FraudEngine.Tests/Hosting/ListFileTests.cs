using FraudEngine.Domain;
using FraudEngine.Engine.Lists;
using FraudEngine.Hosting;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Hosting;

/// <summary>Named lists from files, read at the start and watched while the engine runs.</summary>
public sealed class ListFileTests : IAsyncLifetime, IAsyncDisposable
{
    private readonly RunningEngine _engine = new();
    private readonly TemporaryFolder _aside = new();

    private ListBook Lists => _engine.Host.Lists;

    [Fact]
    public async Task A_new_a_changed_and_a_gone_file_are_seen_while_the_engine_runs()
    {
        await File.WriteAllTextAsync(PathOf("blocked.txt"), "M-1\nM-2 2026-12-31T00:00:00Z\n");
        await IsAsync("blocked", new("blocked", "blocked.txt", 2, 1));
        Write("blocked.txt", "M-1\n");
        await IsAsync("blocked", new("blocked", "blocked.txt", 1, 2));
        File.Delete(PathOf("blocked.txt"));
        await IsAsync("blocked", new("blocked", "http", 1, 3));
        Assert.Equal("M-1", await new ListClient(_engine).ReadAsync("blocked"));
    }

    [Fact]
    public async Task A_file_that_an_editor_replaces_is_seen_and_never_gone()
    {
        Write("blocked.txt", "M-1\n");
        await IsAsync("blocked", new("blocked", "blocked.txt", 1, 1));
        for (var version = 2; version < 5; version++)
        {
            // Write beside it, put the old one away, put the new one in its place.
            Write(".blocked.txt.swp", "half");
            Write("blocked.txt.new", string.Concat(Enumerable.Range(0, version).Select(i => $"M-{i + 1}\n")));
            File.Move(PathOf("blocked.txt"), PathOf("blocked.txt~"), overwrite: true);
            File.Move(PathOf("blocked.txt.new"), PathOf("blocked.txt"));
            await IsAsync("blocked", new("blocked", "blocked.txt", version, version));
        }

        Assert.Equal(["blocked"], Lists.Summaries.Select(list => list.Name));
    }

    [Fact]
    public async Task A_wrong_file_keeps_the_list_and_is_read_again_when_it_is_mended()
    {
        Write("blocked.txt", "M-1\nM-2\n");
        await IsAsync("blocked", new("blocked", "blocked.txt", 2, 1));
        Write("blocked.txt", "M-1\nM-2\nM-3 tomorrow\n");
        Write("Not_A_Name.txt", "M-1\n");
        Write("other.txt", "M-9\n");

        // By the time the other file is taken, the wrong one was read too: they are read in order.
        await IsAsync("other", new("other", "other.txt", 1, 2));
        Assert.Equal(new ListSummary("blocked", "blocked.txt", 2, 1), Lists.Find("blocked"));
        Write("blocked.txt", "M-1\nM-2\nM-3\n");
        await IsAsync("blocked", new("blocked", "blocked.txt", 3, 3));
        Assert.Equal(2, Lists.Summaries.Count());
    }

    [Fact]
    public async Task A_list_from_a_file_is_not_changed_over_HTTP()
    {
        Write("blocked.txt", "M-1\n");
        await IsAsync("blocked", new("blocked", "blocked.txt", 1, 1));
        var lists = new ListClient(_engine);
        foreach (var call in (string[])["PUT blocked", "POST blocked", "DELETE blocked", "PUT blocked/M-2", "DELETE blocked/M-1"])
        {
            var (method, path) = call.Split(' ') is [var first, var second] ? (first, second) : default;
            var problem = (await lists.SendAsync(method, path, path == "blocked" ? """{"entries":[]}""" : null)).Problem(409, "list-from-file");
            Assert.Contains("blocked.txt", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal("M-1", await lists.ReadAsync("blocked"));
    }

    [Fact]
    public async Task What_has_changed_while_the_engine_was_stopped_is_one_change_at_the_start()
    {
        Write("a.txt", "M-1\nM-2\n");
        Write("b.txt", "M-1\n");
        await IsAsync("b", new("b", "b.txt", 1, 2));
        await _engine.StopAsync();
        Write("a.txt", "M-2\nM-3 2026-12-31T00:00:00Z\n");
        File.Delete(PathOf("b.txt"));
        await _engine.InitializeAsync();
        Assert.Equal([new("a", "a.txt", 2, 3), new ListSummary("b", "http", 1, 4)], Lists.Summaries);
        Assert.Equal("M-2|M-3@2026-12-31T00:00:00Z", await new ListClient(_engine).ReadAsync("a"));

        await _engine.RestartAsync();
        Assert.Equal(4, Lists.Current.Version);
    }

    [Fact]
    public async Task A_file_takes_over_a_list_that_was_made_over_HTTP()
    {
        await new ListClient(_engine).SendAsync("PUT", "blocked", """{"entries":["M-1","M-2"]}""");
        Write("blocked.txt", "M-2\nM-3\n");
        await IsAsync("blocked", new("blocked", "blocked.txt", 2, 2));
        Assert.Equal("M-2|M-3", await new ListClient(_engine).ReadAsync("blocked"));
    }

    [Fact]
    public async Task A_link_that_leads_elsewhere_is_another_file()
    {
        // As a cluster's mounted configuration is exchanged: the files' times and lengths may be equal.
        var (old, young) = (_aside.Write("old", "M-1\n"), _aside.Write("new", "M-2\n"));
        File.SetLastWriteTimeUtc(young, File.GetLastWriteTimeUtc(old));
        File.CreateSymbolicLink(PathOf("blocked.txt"), old);
        await IsAsync("blocked", new("blocked", "blocked.txt", 1, 1));
        File.CreateSymbolicLink(PathOf("next"), young);
        File.Move(PathOf("next"), PathOf("blocked.txt"), overwrite: true);
        await IsAsync("blocked", new("blocked", "blocked.txt", 1, 2));
        Assert.Equal("M-2", await new ListClient(_engine).ReadAsync("blocked"));
    }

    [Fact]
    public async Task An_engine_without_a_folder_of_lists_starts()
    {
        await using var engine = await RunningEngine.StartAsync("--Rules:ListsPath=");
        Assert.Empty(engine.Host.Lists.Summaries);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_stops_the_start()
    {
        var reason = await Assert.ThrowsAsync<StartException>(() => RunningEngine.StartAsync($"--Rules:ListsPath={_aside.PathOf("nowhere")}"));
        Assert.Contains("Rules:ListsPath is", reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shipped_files_are_lists_without_entries()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "config", "lists"));
        Assert.Equal(["blocked-merchants.txt", "trusted-merchants.txt"], files.Select(Path.GetFileName).Order());
        Assert.All(files, file => Assert.Empty(ListText.Read(File.ReadAllBytes(file)).Expiries));
    }

    public Task InitializeAsync() => _engine.InitializeAsync();

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        _aside.Dispose();
    }

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    private string PathOf(string file) => Path.Combine(_engine.ListsDirectory, file);

    /// <summary>In one step, so that each is one change however busy the machine is.</summary>
    private void Write(string file, string text) => File.Move(_aside.Write(file, text), PathOf(file), overwrite: true);

    private Task IsAsync(string name, ListSummary expected) => Eventually.ThatAsync(() => Lists.Find(name) == expected, $"the list was {expected}");
}

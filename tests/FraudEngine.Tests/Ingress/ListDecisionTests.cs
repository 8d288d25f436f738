using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>What named lists do to decisions.</summary>
public sealed class ListDecisionTests : IAsyncLifetime, IAsyncDisposable
{
    private const string Rules =
        """
        name: lists
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: blocked, when: 'merchantId in list("blocked-merchants")', score: 0.9, text: Blocked }
          - { id: watched, when: 'deviceId in list("watched-devices")', score: 0.5, text: Watched }
        """;

    private readonly RunningEngine _engine = new();

    private readonly string _account = Tx.NewAccount();
    private int _transactions;

    [Fact]
    public async Task A_changed_list_decides_the_next_transaction()
    {
        var lists = new ListClient(_engine);
        Assert.Equal("approve", await DecideAsync("M-1"));
        await lists.SendAsync("PUT", "blocked-merchants", """{"entries":["M-1"]}""");
        Assert.Equal("decline", await DecideAsync("M-1"));
        await lists.SendAsync("PUT", "blocked-merchants/M-2");
        Assert.Equal("decline", await DecideAsync("M-2"));
        await lists.SendAsync("DELETE", "blocked-merchants/M-1");
        Assert.Equal(("approve", "decline"), (await DecideAsync("M-1"), await DecideAsync("M-2")));
        await lists.SendAsync("DELETE", "blocked-merchants");
        Assert.Equal("approve", await DecideAsync("M-2"));

        // Each decision says which lists it saw.
        var entries = await _engine.Host.Engine.ReadEntriesAsync(Encoding.UTF8.GetBytes(_account), long.MaxValue, 100);
        Assert.Equal([2, 3, 4, 5, 5, 6], entries.Reverse().Select(entry => entry.Decision.ListsVersion));
    }

    [Theory]
    [InlineData("2026-05-31T23:59:59.9999999Z", "decline")]
    [InlineData("2026-06-01T00:00:00Z", "approve")]
    [InlineData("2026-06-01T00:00:00.0000001Z", "approve")]
    public async Task An_entry_counts_until_its_expiry_in_event_time(string timestamp, string outcome)
    {
        await new ListClient(_engine).SendAsync("PUT", "blocked-merchants", """{"entries":[{"text":"M-1","expires":"2026-06-01T02:00:00+02:00"}]}""");
        Assert.Equal(outcome, await DecideAsync("M-1", timestamp));
    }

    [Fact]
    public async Task A_changed_file_decides_the_next_transaction_and_so_does_a_restart()
    {
        await File.WriteAllTextAsync(Path.Combine(_engine.ListsDirectory, "blocked-merchants.txt"), "M-1\n");
        await Eventually.ThatAsync(() => _engine.Host.Engine.InForce.Lists.Version == 3, "the list from the file was in force");
        Assert.Equal("decline", await DecideAsync("M-1"));
        await _engine.RestartAsync();
        Assert.Equal("decline", await DecideAsync("M-1"));
    }

    public async Task InitializeAsync()
    {
        await _engine.InitializeAsync();
        Assert.Contains("there is no list 'blocked-merchants'", await PutRulesAsync(), StringComparison.Ordinal);
        foreach (var list in (string[])["blocked-merchants", "watched-devices"])
        {
            await new ListClient(_engine).SendAsync("PUT", list, """{"entries":[]}""");
        }

        Assert.Contains("lists@1", await PutRulesAsync(), StringComparison.Ordinal);
    }

    public Task DisposeAsync() => _engine.DisposeAsync();

    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    private async Task<string> PutRulesAsync()
    {
        using var body = new StringContent(Rules);
        using var response = await _engine.Client.PutAsync("/v1/rules", body);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<string?> DecideAsync(string merchant, string timestamp = Tx.Time)
    {
        var reply = await _engine.PostAsync(Tx.Json(_account, $"t{_transactions++}", ("merchantId", $"\"{merchant}\""), ("timestamp", $"\"{timestamp}\"")));
        return reply.Json.GetProperty("outcome").GetString();
    }
}

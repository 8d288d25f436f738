using System.Globalization;

namespace FraudEngine.Tests.Hosting;

/// <summary>The engine and the client as users run them: two processes and a file.</summary>
[Collection(Alone.Name)]
public sealed class ReplayedEngineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ChildProcess? _replay;

    [Fact]
    public async Task The_same_replay_again_gives_the_same_decisions_and_adds_nothing()
    {
        var file = PaymentFile.Simulated(_folder.PathOf("payments.ndjson"), 20_000);
        var first = await ReplayAsync(file, "data", "first.csv");
        var second = await ReplayAsync(file, "data", "second.csv");
        Assert.Equal(file.Accounts.Count, first.Size.Transactions);
        Assert.True(first.Size.Alerts > 0);
        Assert.Equal(first, second);
        AssertSameFile("first.csv", "second.csv");
        AssertEveryLineIsDecided(file, "first.csv");
    }

    [Fact]
    public Task A_kill_in_the_middle_of_a_replay_loses_doubles_and_changes_nothing() =>
        KillAndCompareAsync(PaymentFile.Simulated(_folder.PathOf("payments.ndjson"), Soak.Times(120_000, 400_000)), kills: Soak.Times(3, 20));

    [Fact]
    public Task A_kill_in_the_middle_of_a_replay_with_labels_leaves_each_label_in_its_place() => KillAndCompareAsync(
        PaymentFile.Simulated(_folder.PathOf("payments.ndjson"), Soak.Times(40_000, 400_000), _folder.PathOf("labels.csv")), kills: Soak.Times(2, 20));

    [Fact]
    public async Task Kills_leave_terminals_labels_and_the_model_s_features_as_an_undisturbed_run_does()
    {
        var file = PaymentFile.Simulated(_folder.PathOf("payments.ndjson"), Soak.Times(40_000, 400_000), _folder.PathOf("labels.csv"));
        string[] options = ["--Model:Path", TerminalModel.Write(_folder, labelDelay: "2d")];
        await KillAndCompareAsync(file, kills: Soak.Times(3, 20), options);

        // What the terminals remember now, both engines started anew.
        var probes = PaymentFile.Probes(_folder.PathOf("probes.ndjson"), file.Path);
        await ReplayAsync(probes, "calm", "calm-probes.csv", options);
        await ReplayAsync(probes, "disturbed", "disturbed-probes.csv", options);
        AssertSameFile("calm-probes.csv", "disturbed-probes.csv");
        AssertEveryLineIsDecided(probes, "calm-probes.csv");
        Assert.True(_folder.LinesOf("calm-probes.csv").Skip(1).Select(line => line.Split(',')[3]).Distinct().Count() > 20, "The model's scores hardly depend on the terminal.");
    }

    [HandbookFact]
    public Task Kills_during_a_replay_of_the_handbook_s_April_with_its_labels_leave_each_in_its_place() =>
        KillAndCompareAsync(Handbook() with { Labels = ["--labels", "inline", "--label-delay", "7d"] }, kills: Soak.Times(2, 20));

    [HandbookFact]
    public Task Kills_during_a_replay_of_the_handbook_s_April_leave_the_journal_of_an_undisturbed_run() =>
        KillAndCompareAsync(Handbook(), kills: Soak.Times(4, 20));

    public void Dispose()
    {
        _replay?.Dispose();
        _folder.Dispose();
    }

    private PaymentFile Handbook() => PaymentFile.Handbook(_folder.PathOf("april.csv"), Soak.Times(80_000, int.MaxValue));

    private async Task KillAndCompareAsync(PaymentFile file, int kills, params string[] options)
    {
        var calm = await ReplayAsync(file, "calm", "calm.csv", options);

        var port = EngineProcess.FreePort();
        for (var life = 0; life <= kills; life++)
        {
            using var engine = await EngineProcess.StartAsync(_folder.PathOf("."), port, ["--Storage:ConnectionString", _folder.PathOf("disturbed"), .. options]);
            var replay = _replay ??= Replay(file, engine.Url, "disturbed.csv");
            if (life == kills)
            {
                Assert.True(await replay.ExitAsync() == 0, replay.Output);
                Assert.Contains("retries", replay.Output, StringComparison.Ordinal);
                await engine.StopAsync();
                break;
            }

            // Far less than a share of the file each time, so that every kill is in its middle however late it comes.
            var enough = file.Accounts.Count / (kills * 8);
            await Eventually.ThatAsync(() => engine.DecidedAsync().GetAwaiter().GetResult() > enough || replay.HasExited, $"{enough} transactions were decided");
            Assert.False(replay.HasExited, replay.Output);
            engine.Kill();
        }

        var disturbed = await StoredJournal.ReadAsync(_folder.PathOf("disturbed"), file.Accounts);
        Assert.Equal(calm, disturbed);
        Assert.Equal(file.Labels.Length > 0, disturbed.Labels > 0);
        AssertSameFile("calm.csv", "disturbed.csv");
        AssertEveryLineIsDecided(file, "disturbed.csv");
    }

    private async Task<StoredJournal> ReplayAsync(PaymentFile file, string data, string output, params string[] options)
    {
        using (var engine = await EngineProcess.StartAsync(_folder.PathOf("."), EngineProcess.FreePort(), ["--Storage:ConnectionString", _folder.PathOf(data), .. options]))
        {
            using var replay = Replay(file, engine.Url, output);
            Assert.True(await replay.ExitAsync() == 0, replay.Output);
            await engine.StopAsync();
        }

        return await StoredJournal.ReadAsync(_folder.PathOf(data), file.Accounts);
    }

    private ChildProcess Replay(PaymentFile file, string url, string output) =>
        new("TransactionFeed", _folder.PathOf("."), ["replay", file.Path, "--format", file.Format, "--to", url, "--out", _folder.PathOf(output), .. file.Labels]);

    private void AssertSameFile(string left, string right) =>
        Assert.True(File.ReadAllBytes(_folder.PathOf(left)).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.PathOf(right))), $"{left} and {right} differ.");

    private void AssertEveryLineIsDecided(PaymentFile file, string output)
    {
        var rows = _folder.LinesOf(output).Skip(1).Select(line => line.Split(',')).ToList();
        Assert.Equal(file.Accounts, rows.Select(row => row[1]));
        Assert.Equal(rows.Count, rows.Select(row => row[0]).Distinct().Count());
        Assert.All(rows, row => Assert.Contains(row[2], (string[])["approve", "review", "decline"]));
        Assert.All(rows, row => Assert.InRange(decimal.Parse(row[3], CultureInfo.InvariantCulture), 0, 1));
    }
}

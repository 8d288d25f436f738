using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using FraudEngine.Actors;
using FraudEngine.Domain;
using FraudEngine.Engine;
using FraudEngine.Ingress;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage.Sqlite;
using FraudEngine.Tests.Engine;
using FraudEngine.Tests.Ingress;
using FraudEngine.Windows;
using PaymentSimulator;
using Xunit.Abstractions;

namespace FraudEngine.Tests.Hosting;

/// <summary>Rules that change again and again while payments stream through at full speed.</summary>
[Collection(Alone.Name)]
public sealed class HotReloadTests(ITestOutputHelper output)
{
    private const int Streams = 2;
    private const int Shards = 64;

    private static readonly string[] Conditions =
    [
        "count(account, 10m) >= 4 || amount > 2 * avg(account.amount, 30d)",
        "distinct(account.merchantId, 1d) > 3 || distinct(account.country, 7d) > 1",
        "amount == max(account.amount, 30d) && sum(account.amount, 1d) > 50 && deviceId != last(account.deviceId, 30d)",
        "amount > 150",
    ];

    [Fact]
    public async Task Reloads_at_full_speed_lose_no_transaction_and_each_decision_is_its_version_s()
    {
        var reloads = Soak.Times(6, 20);
        await using var engine = await StartAsync();
        using var enough = new CancellationTokenSource();
        var lanes = Enumerable.Range(0, Streams).Select(lane => new Lane(engine, lane, enough.Token)).ToArray();
        await DecidedAsync(lanes, 30_000);
        LongestPause(lanes);
        await DecidedAsync(lanes, 60_000);
        var pauseBefore = LongestPause(lanes);
        var slowest = TimeSpan.Zero;
        for (var version = 2; version <= reloads + 1; version++)
        {
            var watch = Stopwatch.StartNew();
            using var body = new StringContent(Yaml(version), Encoding.UTF8, "application/yaml");
            using var put = await engine.Client.PutAsync("/v1/rules", body);
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            await DecidedAsync(lanes, lanes.Sum(lane => lane.Answered) + 2_000);
        }

        await enough.CancelAsync();
        var sent = 0;
        foreach (var lane in lanes)
        {
            sent += await lane.EndAsync();
        }

        Assert.Equal(sent, lanes.Sum(lane => lane.Decided));
        output.WriteLine(
            $"{sent} payments, {reloads} reloads, the slowest in {slowest.TotalMilliseconds:0} ms; longest pause between two answers {LongestPause(lanes)} ms, without reloads {pauseBefore} ms");
        await engine.StopAsync();
        await AuditAsync(engine.DataDirectory, sent, reloads);
    }

    private static async Task<RunningEngine> StartAsync()
    {
        var engine = new RunningEngine { RuleFile = Yaml(1), Options = [$"--Engine:Shards={Shards}"] };
        await engine.InitializeAsync();
        return engine;
    }

    private static Task DecidedAsync(Lane[] lanes, int due) => Eventually.ThatAsync(() => lanes.Sum(lane => lane.Answered) >= due, $"{due} payments were decided");

    /// <summary>Since the last time that it was asked, in milliseconds.</summary>
    private static long LongestPause(Lane[] lanes) => lanes.Max(lane => lane.TakeLongestPause());

    private static string Yaml(int version) =>
        $$"""
        name: hot
        version: {{version}}
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - id: only
            when: {{Conditions[version % Conditions.Length]}}
            score: {{(0.5m + (version / 1000m)).ToString(CultureInfo.InvariantCulture)}}
            text: Only
        """;

    /// <summary>Every decision again, and in each shard the versions one after the other.</summary>
    private static async Task AuditAsync(string directory, int count, int reloads)
    {
        await using var journal = new SqliteJournal(directory);
        var stored = await journal.ReadRuleSetsAsync();
        Assert.Equal(reloads + 1, stored.Count);
        var audit = new JournalAudit(stored.Select(set => new RulesInForce(RuleSet.Parse(set.Source, set.Reference, WindowSettings.Default), set.Number, NamedLists.Empty)));
        var order = (await journal.ReadChangesAsync()).Select((change, index) => (change.Number, index)).ToDictionary(change => change.Number, change => change.index);
        var newest = new int[Shards];
        var rows = 0;
        for (var after = 0L; await journal.ScanAsync(after, 5_000) is { Count: > 0 } page; after = page[^1].Position)
        {
            foreach (var row in page)
            {
                var version = order[audit.Check(row.AccountId, row.Sequence, row.Bytes)];
                ref var before = ref newest[ShardRegion<object>.IndexOf(Hash64.Of(row.AccountId), Shards)];
                Assert.True(version >= before, $"An older rule set decided after a newer one, at position {row.Position}.");
                before = version;
                rows++;
            }
        }

        Assert.Equal(count, rows);
        Assert.True(newest.Max() == reloads, "The last version decided nothing.");
    }

    /// <summary>Half of the customers, paying without end over one stream.</summary>
    private sealed class Lane
    {
        private readonly Task<int> _sending;
        private readonly Task _reading;
        private long _longestPause;
        private int _answered;

        public Lane(RunningEngine engine, int number, CancellationToken enough)
        {
            var requests = new Pipe();
            var answers = new Pipe();
            var stream = new TransactionStream(engine.Host.Engine, engine.Host.Settings).RunAsync(requests.Reader, answers.Writer, CancellationToken.None);
            _sending = Task.Run(() => SendAsync(requests.Writer, number, enough), CancellationToken.None);
            _reading = Task.Run(() => ReadAsync(answers.Reader, stream), CancellationToken.None);
        }

        public int Answered => Volatile.Read(ref _answered);

        /// <summary>Answers that are decisions, and not errors.</summary>
        public int Decided { get; private set; }

        public long TakeLongestPause() => (long)Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref _longestPause, 0)).TotalMilliseconds;

        /// <summary>Waits for the last answer and returns how many payments were sent.</summary>
        public async Task<int> EndAsync()
        {
            await _reading;
            return await _sending;
        }

        private static async Task<int> SendAsync(PipeWriter requests, int number, CancellationToken enough)
        {
            var simulator = new Simulator(new SimulationSettings { Start = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), Customers = 5_000, Terminals = 1_000 });
            var sent = 0;
            while (!enough.IsCancellationRequested)
            {
                var payment = simulator.Next();
                if (Hash64.Of(Encoding.UTF8.GetBytes(payment.AccountId)) % Streams == (ulong)number)
                {
                    PaymentJson.Write(payment, requests);
                    sent++;
                    await requests.FlushAsync(CancellationToken.None);
                }
            }

            await requests.CompleteAsync();
            return sent;
        }

        private async Task ReadAsync(PipeReader answers, Task stream)
        {
            using var reader = new System.IO.StreamReader(answers.AsStream());
            var last = Stopwatch.GetTimestamp();
            while (await reader.ReadLineAsync() is { } answer)
            {
                var now = Stopwatch.GetTimestamp();
                _longestPause = Math.Max(_longestPause, now - last);
                last = now;
                Decided += answer.Contains("\"ruleSet\":\"hot@", StringComparison.Ordinal) ? 1 : 0;
                Volatile.Write(ref _answered, _answered + 1);
            }

            await stream;
        }
    }
}

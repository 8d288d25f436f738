using System.Buffers;
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
    private const int Reloads = 20;
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
        var count = Soak.Times(60_000, 600_000);
        var engine = new RunningEngine { RuleFile = Yaml(1), Options = [$"--Engine:Shards={Shards}"] };
        await engine.InitializeAsync();
        var lanes = Simulated(count);
        var answered = new int[Streams];
        var gaps = new long[Streams];
        var streams = Enumerable.Range(0, Streams).Select(lane => StreamAsync(engine, lanes[lane], lane, answered, gaps)).ToArray();
        var slowest = TimeSpan.Zero;
        for (var version = 2; version <= Reloads + 1; version++)
        {
            var due = (long)count * (version - 1) / (Reloads + 2);
            await Eventually.ThatAsync(() => answered.Sum() >= due, $"{due} payments were decided");
            var watch = Stopwatch.StartNew();
            using var body = new StringContent(Yaml(version), Encoding.UTF8, "application/yaml");
            using var put = await engine.Client.PutAsync("/v1/rules", body);
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }

        var lines = await Task.WhenAll(streams);
        output.WriteLine($"{count} payments, {Reloads} reloads; slowest reload {slowest.TotalMilliseconds:0} ms, longest pause between answers {Stopwatch.GetElapsedTime(0, gaps.Max()).TotalMilliseconds:0} ms");
        Assert.Equal(lanes.Sum(lane => lane.Count), lines.Sum(lane => lane.Count(line => line.Contains("\"ruleSet\":\"hot@", StringComparison.Ordinal))));
        await engine.StopAsync();
        await AuditAsync(engine.DataDirectory, count);
        await engine.DisposeAsync();
    }

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

    /// <summary>Payments as lines, each account's in one lane.</summary>
    private static List<byte[]>[] Simulated(int count)
    {
        var simulator = new Simulator(new SimulationSettings { Start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Customers = 2_000, Terminals = 500 });
        var lanes = Enumerable.Range(0, Streams).Select(_ => new List<byte[]>()).ToArray();
        var line = new ArrayBufferWriter<byte>();
        for (var i = 0; i < count; i++)
        {
            var payment = simulator.Next();
            line.ResetWrittenCount();
            PaymentJson.Write(payment, line);
            lanes[(int)(Hash64.Of(Encoding.UTF8.GetBytes(payment.AccountId)) % Streams)].Add(line.WrittenSpan.ToArray());
        }

        return lanes;
    }

    private static async Task<List<string>> StreamAsync(RunningEngine engine, List<byte[]> lines, int lane, int[] answered, long[] gaps)
    {
        var requests = new Pipe();
        var answers = new Pipe();
        var stream = new TransactionStream(engine.Host.Engine, engine.Host.Settings).RunAsync(requests.Reader, answers.Writer, CancellationToken.None);
        var sending = Task.Run(async () =>
        {
            foreach (var line in lines)
            {
                await requests.Writer.WriteAsync(line);
            }

            await requests.Writer.CompleteAsync();
        });

        var read = new List<string>(lines.Count);
        using var reader = new StreamReader(answers.Reader.AsStream());
        var last = Stopwatch.GetTimestamp();
        while (await reader.ReadLineAsync() is { } answer)
        {
            read.Add(answer);
            var now = Stopwatch.GetTimestamp();
            gaps[lane] = Math.Max(gaps[lane], now - last);
            last = now;
            answered[lane]++;
        }

        await sending;
        await stream;
        return read;
    }

    /// <summary>Every decision again, and in each shard the versions one after the other.</summary>
    private static async Task AuditAsync(string directory, int count)
    {
        await using var journal = new SqliteJournal(directory);
        var stored = await journal.ReadRuleSetsAsync();
        Assert.Equal(Reloads + 1, stored.Count);
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
        Assert.True(newest.Max() == Reloads, "The last version decided nothing.");
    }
}

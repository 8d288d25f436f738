using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace FraudEngine.Benchmarks;

/// <summary>A rule set of the size that a large issuer has: 150 rules over 50 windows, made as the shipped ones are. Always the same.</summary>
internal static class GeneratedRules
{
    public const int Rules = 150;
    public const int Windows = 50;

    private static readonly ImmutableArray<string> Counts =
    [
        "count(account, 10m)", "count(account, 30m)", "count(account, 1h)", "count(account, 6h)", "count(account, 1d)", "count(account, 7d)", "count(account, 30d)",
        "count(account, 1d, channel == \"online\")", "count(account, 7d, channel == \"atm\")", "count(account, 30d, amount > 100)",
    ];

    private static readonly ImmutableArray<string> Sums =
    [
        "sum(account.amount, 1h)", "sum(account.amount, 6h)", "sum(account.amount, 1d)", "sum(account.amount, 7d)", "sum(account.amount, 30d)",
        "sum(account.amount, 1d, channel == \"online\")", "sum(account.amount, 7d, channel == \"atm\")",
    ];

    private static readonly ImmutableArray<string> Levels =
    [
        "avg(account.amount, 10m)", "avg(account.amount, 1d)", "avg(account.amount, 7d)", "avg(account.amount, 14d)", "avg(account.amount, 30d)",
        "max(account.amount, 1d)", "max(account.amount, 7d)", "max(account.amount, 30d)", "min(account.amount, 1d)", "min(account.amount, 30d)",
    ];

    private static readonly ImmutableArray<string> Deviations = ["stddev(account.amount, 7d)", "stddev(account.amount, 14d)", "stddev(account.amount, 30d)"];

    private static readonly ImmutableArray<string> Distincts =
    [
        "distinct(account.merchantId, 1h)", "distinct(account.merchantId, 1d)", "distinct(account.merchantId, 30d)", "distinct(account.terminalId, 1h)",
        "distinct(account.terminalId, 7d)", "distinct(account.country, 1d)", "distinct(account.country, 7d)", "distinct(account.deviceId, 7d)",
        "distinct(account.deviceId, 30d)", "distinct(account.counterpartyId, 7d)", "distinct(account.merchantCategory, 1d)",
    ];

    private static readonly ImmutableArray<(string Field, string Window)> Lasts =
    [
        ("country", "last(account.country, 2h)"), ("country", "last(account.country, 7d)"), ("deviceId", "last(account.deviceId)"),
        ("channel", "last(account.channel)"), ("merchantId", "last(account.merchantId)"), ("terminalId", "last(account.terminalId)"),
        ("counterpartyId", "last(account.counterpartyId)"), ("merchantCategory", "last(account.merchantCategory, 1d)"), ("currency", "last(account.currency)"),
    ];

    public static string Yaml()
    {
        var yaml = new StringBuilder("name: generated\nversion: 1\nthresholds: { review: 0.5, decline: 0.8 }\nrules:\n");
        for (var i = 0; i < Rules; i++)
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - id: rule-{i}\n    when: |\n      {Condition(i)}\n    score: 0.{1 + (i % 4)}\n    tags: [tag-{i % 12}]\n    text: Reason {i}\n");
        }

        return yaml.ToString();
    }

    /// <summary>Ten kinds of conditions in turn, over other windows and with other limits each time.</summary>
    private static string Condition(int i)
    {
        var turn = i / 10;
        var limit = 2 + (turn % 7);
        var count = Pick(Counts, turn + (i % 10));
        var level = Pick(Levels, turn);
        var sum = Pick(Sums, turn);
        var distinct = Pick(Distincts, turn);
        var (field, last) = Pick(Lasts, turn);
        return (i % 10) switch
        {
            0 => $"{Pick(Counts, turn)} >= {limit}",
            1 => $"{count} >= {limit} && {count} > {limit} * count(account, 30d) / 30",
            2 => $"{distinct} >= {limit} || {Pick(Distincts, turn + 5)} >= {limit + 3}",
            3 => $"count(account, 30d) >= 10 && amount > {limit} * {level}",
            4 => $"{field} != {last} && amount > {limit} * {Pick(Levels, turn + 3)}",
            5 => $"count(account, 30d) >= 10 && {sum} > {limit} * sum(account.amount, 30d) / 30",
            6 => $"amount > avg(account.amount, 30d) + {limit} * {Pick(Deviations, turn)} && {count} > 3",
            7 => $"channel in [\"online\", \"transfer\"] && {field} != {last} && {count} >= {limit}",
            8 => $"hour(timestamp) < {limit} && amount > 1.5 * {level} && {distinct} > 1",
            _ => $"merchantCategory in [\"7995\", \"4829\", \"6051\", \"{5400 + turn}\"] && {sum} > {limit}00 && amount == max(account.amount, 30d)",
        };
    }

    private static T Pick<T>(ImmutableArray<T> from, int at) => from[at % from.Length];
}

using FraudEngine.Tests.Scoring;

namespace FraudEngine.Tests.Hosting;

/// <summary>A model over terminals and known frauds, with trees drawn at random: each of its features moves the score.</summary>
internal static class TerminalModel
{
    /// <summary>Writes the model's file and its trees, and returns the former's path.</summary>
    /// <param name="labelDelay">Windows over terminals end so long before a payment: what is newer depends on what is under way.</param>
    public static string Write(TemporaryFolder folder, string labelDelay)
    {
        string[] features =
        [
            "amount", "count(account, 1d)", "avg(account.amount, 7d)", "amount / avg(account.amount, 30d)", $"count(account.fraud, 20d, delay {labelDelay})",
            $"count(terminal, 1d, delay {labelDelay})", $"count(terminal, 7d, delay {labelDelay})", $"rate(terminal.fraud, 7d, delay {labelDelay})",
            $"rate(terminal.fraud, 28d, delay {labelDelay})", $"avg(terminal.amount, 7d, delay {labelDelay})", $"since_first(terminal.fraud, 28d, delay {labelDelay})",
            $"distinct(merchant.accountId, 3d, delay {labelDelay})",
        ];
        var random = new Random(7);
        var trees = Enumerable.Range(0, 40).Select(_ => Drawn(random, features.Length, depth: 4)).ToArray();
        File.WriteAllText(folder.PathOf("terminal-model.json"), ModelJson.Of(features.Length, trees).ToJsonString());
        File.WriteAllLines(
            folder.PathOf("terminal-model.yaml"),
            ["name: terminals", "version: 1", "trees: terminal-model.json", "score: model", "features:",
                .. features.Select((value, i) => $"  - {{ name: f{i}, value: \"{value}\" }}")]);
        return folder.PathOf("terminal-model.yaml");
    }

    private static Tree Drawn(Random random, int features, int depth)
    {
        var feature = random.Next(features);

        // Amounts, counts, shares and seconds: each on its own scale.
        var threshold = feature switch
        {
            7 or 8 => random.NextSingle() * 0.2f,
            10 => random.NextSingle() * 2_000_000,
            3 => random.NextSingle() * 3,
            4 => random.Next(1, 3),
            _ => random.NextSingle() * 60,
        };
        return depth == 0
            ? new Leaf((random.NextSingle() - 0.5f) / 5, random.Next(1, 50))
            : new Split(feature, threshold, random.Next(2) == 0, Drawn(random, features, depth - 1), Drawn(random, features, depth - 1));
    }
}

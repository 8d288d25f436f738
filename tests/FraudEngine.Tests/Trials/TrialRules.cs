namespace FraudEngine.Tests.Trials;

/// <summary>A rule set in force and candidates beside it.</summary>
internal static class TrialRules
{
    public const string InForce =
        """
        name: force
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: many, when: "count(account, 1d) > 3", score: 0.5, text: Many }
          - { id: large, when: "count(account, 30d) >= 3 && amount > 2 * avg(account.amount, 30d)", score: 0.4, text: Large }
          - { id: online, when: "channel == 'online'", score: 0.1, text: Online }
        """;

    public const string Candidate =
        """
        name: candidate
        version: 1
        thresholds: { review: 0.4, decline: 0.9 }
        rules:
          - { id: many, when: "count(account, 1d) > 2", score: 0.3, text: Many }
          - { id: large, when: "count(account, 30d) >= 3 && amount > 1.5 * avg(account.amount, 7d)", score: 0.4, text: Large }
          - { id: places, when: "distinct(account.merchantId, 7d) > 3 && channel == 'pos'", score: 0.2, text: Places }
          - { id: odd, when: "amount / (amount - amount) > 1", score: 0.1, text: Odd }
        """;
}

using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Entities;

public class ActionTests
{
    /// <summary>Rules that are all hit, with the review threshold at 0.5 and the decline threshold at 0.8.</summary>
    [Theory]
    [InlineData("", Outcome.Approve, "0")]
    [InlineData("0.499999999", Outcome.Approve, "0.499999999")]
    [InlineData("0.5", Outcome.Review, "0.5")]
    [InlineData("0.799999999", Outcome.Review, "0.799999999")]
    [InlineData("0.8", Outcome.Decline, "0.8")]
    [InlineData("review", Outcome.Review, "0")]
    [InlineData("review, 0.1", Outcome.Review, "0.1")]
    [InlineData("review, -0.5", Outcome.Review, "0")]
    [InlineData("review, 0.5", Outcome.Review, "0.5")]
    [InlineData("review, 0.8", Outcome.Decline, "0.8")]
    [InlineData("0.8, review", Outcome.Decline, "0.8")]
    [InlineData("review, 0.5, 0.3", Outcome.Decline, "0.8")]
    [InlineData("review 0.4", Outcome.Review, "0.4")]
    [InlineData("review 0.4, 0.4", Outcome.Decline, "0.8")]
    [InlineData("approve", Outcome.Approve, "0")]
    [InlineData("approve, 0.5", Outcome.Approve, "0.5")]
    [InlineData("approve, 0.8", Outcome.Approve, "0.8")]
    [InlineData("0.8, 0.8, approve", Outcome.Approve, "1")]
    [InlineData("approve -0.3, 0.8", Outcome.Approve, "0.5")]
    [InlineData("approve, review", Outcome.Approve, "0")]
    [InlineData("review, approve", Outcome.Approve, "0")]
    [InlineData("review, approve, 0.8", Outcome.Approve, "0.8")]
    [InlineData("decline", Outcome.Decline, "0")]
    [InlineData("decline, 0.1", Outcome.Decline, "0.1")]
    [InlineData("decline, -0.5", Outcome.Decline, "0")]
    [InlineData("decline, 0.8", Outcome.Decline, "0.8")]
    [InlineData("decline, review", Outcome.Decline, "0")]
    [InlineData("review, decline", Outcome.Decline, "0")]
    [InlineData("decline, approve", Outcome.Decline, "0")]
    [InlineData("approve, decline", Outcome.Decline, "0")]
    [InlineData("approve, review, decline, 0.3", Outcome.Decline, "0.3")]
    public void A_decline_wins_over_an_approval_over_a_review_over_the_thresholds(string hits, Outcome outcome, string score)
    {
        var decided = Decide(hits, "true");
        Assert.Equal((outcome, score), (decided.Decision.Outcome, decided.Decision.Score.ToString()));
        Assert.Equal(hits.Split(',', StringSplitOptions.RemoveEmptyEntries).Length, decided.Decision.Hits.Length);
    }

    [Theory]
    [InlineData("amount < 0")]
    [InlineData("country == \"BE\"")]
    [InlineData("1 / (amount - amount) > 1")]
    public void A_rule_that_is_not_hit_does_not_act(string when)
    {
        foreach (var action in (string[])["decline", "approve", "review"])
        {
            Assert.Equal(Outcome.Approve, Decide(action, when).Decision.Outcome);
        }
    }

    [Fact]
    public void The_customer_is_told_what_speaks_against_the_payment() =>
        Assert.Equal(
            [true, false, true, true, false, false],
            Set("0.1, -0.1, review, decline, approve, approve 0.5", "true").Reasons.Select(reason => reason.IsAgainst));

    [Fact]
    public void Deciding_with_actions_allocates_nothing()
    {
        var set = Set("0.1, decline, approve 0.2, review", "amount > 1");
        var machine = new AccountMachine(set, 1, NamedLists.Empty);
        var state = new AccountState(set.Windows);
        var decided = Event();
        machine.Decide(state, decided);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            machine.Decide(state, decided);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static TransactionDecided Decide(string rules, string when)
    {
        var set = Set(rules, when);
        var decided = Event();
        new AccountMachine(set, 1, NamedLists.Empty).Decide(new AccountState(set.Windows), decided);
        return decided;
    }

    private static TransactionDecided Event()
    {
        var decided = new TransactionDecided();
        var builder = new TransactionBuilder();
        builder.Start(decided.Transaction);
        builder.SetText(TransactionField.TransactionId, "t"u8);
        builder.SetText(TransactionField.AccountId, "a"u8);
        builder.SetText(TransactionField.Timestamp, "2026-03-04T12:00:00Z"u8);
        builder.SetNumber(TransactionField.Amount, "10"u8);
        builder.Finish("EUR"u8);
        return decided;
    }

    /// <param name="rules">Each an action, a score, or both, separated by commas.</param>
    private static RuleSet Set(string rules, string when)
    {
        var yaml = new StringBuilder("name: actions\nversion: 1\nthresholds: { review: 0.5, decline: 0.8 }\nrules:\n");
        var number = 0;
        foreach (var rule in rules.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"  - id: r{number++}\n    text: x\n    when: '{when}'\n");
            foreach (var word in rule.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yaml.Append(System.Globalization.CultureInfo.InvariantCulture, $"    {(char.IsLetter(word[0]) ? "action" : "score")}: {word}\n");
            }
        }

        return RuleSet.Parse(yaml.ToString(), "rules.yaml", WindowSettings.Default);
    }
}

using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Entities;

/// <summary>What stands for an account, and what it makes of decisions.</summary>
public class AccountTermsTests
{
    private static readonly RuleSet Rules = RuleSet.Parse(
        """
        name: terms
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - { id: medium, when: "amount >= 50", score: 0.5, text: Medium }
          - { id: large, when: "amount >= 100", score: 0.4, text: Large }
          - { id: blocked, when: "merchantId == 'bad'", action: decline, text: Blocked }
          - { id: looked-at, when: "merchantId == 'odd'", action: review, text: Odd }
          - { id: trusted, when: "merchantId == 'good'", action: approve, text: Good }
        activity:
          - { id: above, takes: number, when: "amount > chosen", text: Above }
          - { id: abroad, takes: text, when: "country != chosen", text: Abroad }
        """,
        "terms.yaml",
        WindowSettings.Default);

    [Theory]
    [InlineData("amount=10", Outcome.Review, Outcome.Review)]
    [InlineData("amount=60", Outcome.Review, Outcome.Review)]
    [InlineData("amount=100", Outcome.Review, Outcome.Decline)]
    [InlineData("amount=10", Outcome.Decline, Outcome.Decline)]
    [InlineData("amount=10 merchantId=good", Outcome.Review, Outcome.Review)]
    [InlineData("amount=10 merchantId=bad", Outcome.Review, Outcome.Decline)]
    public void A_held_account_gets_at_least_what_its_hold_says(string fields, Outcome hold, Outcome expected)
    {
        var decision = Decide(fields, AccountTerms.None.WithHold(new AccountHold(hold, "customer", "", 1), 7));
        Assert.Equal((expected, hold, true, 7), (decision.Outcome, decision.Held, decision.RaisesFraudAlert, decision.TermsSequence));
        Assert.Equal("account-held", Reasons(decision)[^1]);
    }

    [Theory]
    [InlineData("amount=100 merchantId=m1 country=BE deviceId=d1", Outcome.Approve, true)]
    [InlineData("amount=100 merchantId=m2 country=BE deviceId=d1", Outcome.Decline, false)]
    [InlineData("amount=100 merchantId=m1 country=DE deviceId=d1", Outcome.Decline, false)]
    [InlineData("amount=100 merchantId=m1 country=BE deviceId=d2", Outcome.Decline, false)]
    [InlineData("amount=100 merchantId=m1 country=BE", Outcome.Decline, false)]
    [InlineData("amount=100 merchantId=m1 country=BE deviceId=d1 timestamp=2026-03-04T13:00:00Z", Outcome.Approve, true)]
    [InlineData("amount=100 merchantId=m1 country=BE deviceId=d1 timestamp=2026-03-04T13:00:00.0000001Z", Outcome.Decline, false)]
    public void The_score_of_a_payment_of_a_confirmed_pattern_stops_nothing_for_its_time(string fields, Outcome expected, bool isConfirmed)
    {
        var decision = Decide(fields, Confirmed("merchantId=m1 country=BE deviceId=d1"));
        Assert.Equal((expected, isConfirmed), (decision.Outcome, decision.IsConfirmedPattern));
        Assert.Equal(!isConfirmed, decision.RaisesFraudAlert);
        Assert.Equal(isConfirmed, Reasons(decision).Contains("confirmed-by-customer"));
        Assert.Equal(0.9m, decision.Score.ToDecimal());
    }

    [Theory]
    [InlineData("bad", Outcome.Decline)]
    [InlineData("odd", Outcome.Review)]
    [InlineData("good", Outcome.Approve)]
    public void What_a_rule_asks_for_outright_still_counts_for_a_confirmed_pattern_but_nobody_is_alerted(string merchant, Outcome expected)
    {
        var decision = Decide($"amount=100 merchantId={merchant}", Confirmed($"merchantId={merchant}"));
        Assert.Equal((expected, true, false), (decision.Outcome, decision.IsConfirmedPattern, decision.RaisesAlert));
    }

    [Fact]
    public void A_hold_wins_over_a_confirmed_pattern()
    {
        var terms = Confirmed("merchantId=m1").WithHold(new AccountHold(Outcome.Review, "analyst", "", 1), 2);
        var decision = Decide("amount=10 merchantId=m1", terms);
        Assert.Equal((Outcome.Review, false, true), (decision.Outcome, decision.IsConfirmedPattern, decision.RaisesFraudAlert));
        Assert.Equal(Outcome.Decline, Decide("amount=100 merchantId=m1", terms).Outcome);
    }

    [Fact]
    public void A_payment_that_names_neither_merchant_nor_device_has_no_pattern()
    {
        Assert.True(ConfirmedPattern.KeyOf(Given.Transaction("country=BE")).IsNone);
        Assert.False(ConfirmedPattern.KeyOf(Given.Transaction("deviceId=d")).IsNone);
        Assert.NotEqual(ConfirmedPattern.KeyOf(Given.Transaction("deviceId=x")), ConfirmedPattern.KeyOf(Given.Transaction("merchantId=x")));
    }

    [Theory]
    [InlineData("amount=10 country=BE", "")]
    [InlineData("amount=30 country=BE", "above")]
    [InlineData("amount=30 country=DE", "above abroad")]
    public void Activity_alerts_the_customer_and_changes_no_outcome(string fields, string expected)
    {
        var decision = Decide(fields, AccountTerms.None.WithActivity([new("above", 20), new("gone"), new("abroad", null, "BE"), new("above", 25)], 3));
        Assert.Equal(expected, string.Join(' ', Catalog().ActivityOf(decision).Select(static reason => reason.Rule)));
        Assert.Equal((Outcome.Approve, false, expected.Length > 0), (decision.Outcome, decision.RaisesFraudAlert, decision.RaisesAlert));
        Assert.Equal(expected.Length > 0 ? AlertKind.Activity : AlertKind.None, AlertKinds.Of(decision));
        Assert.Equal(expected.Length > 0 ? AlertSeverity.Low : AlertSeverity.None, AlertSeverities.Of(decision));
    }

    [Fact]
    public void The_pattern_that_was_confirmed_longest_ago_makes_room_for_a_further_one()
    {
        var terms = AccountTerms.None;
        for (var i = 0; i < AccountTerms.PatternsMax; i++)
        {
            terms = terms.WithPattern(Pattern($"merchantId=m{i}", 100), i + 1);
        }

        // One that is confirmed again is not the oldest any more, and never counts for a shorter time than before.
        terms = terms.WithPattern(Pattern("merchantId=m0", 50), 90).WithPattern(Pattern("merchantId=new", 100), 91);
        Assert.Equal(AccountTerms.PatternsMax, terms.Patterns.Length);
        Assert.Contains(Pattern("merchantId=m0", 100), terms.Patterns);
        Assert.DoesNotContain(Pattern("merchantId=m1", 100), terms.Patterns);
        Assert.Contains(Pattern("merchantId=m2", 100), terms.Patterns);
        Assert.Equal(91, terms.Sequence);
    }

    [Fact]
    public void Where_nothing_stands_any_more_there_are_no_terms()
    {
        var held = AccountTerms.None.WithHold(new AccountHold(Outcome.Review, "a", "b", 1), 5);
        Assert.Same(AccountTerms.None, held.WithHold(null, 6));
        Assert.Same(AccountTerms.None, held.WithActivity([new("above", 1)], 6).WithHold(null, 7).WithActivity([], 8));
    }

    [Fact]
    public void Nothing_of_it_allocates()
    {
        var state = State(Confirmed("merchantId=m1 deviceId=d1").WithActivity([new("above", 20), new("abroad", null, "BE")], 9));
        var machine = new AccountMachine(Rules, 1, NamedLists.Empty);
        var decided = new TransactionDecided { Transaction = Given.Transaction("amount=100 merchantId=m1 deviceId=d1 country=FR") };
        machine.Decide(state, decided);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            machine.Decide(state, decided);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2, decided.Decision.Activity.Length);
    }

    [Fact]
    public void Json_names_what_stood_for_the_account()
    {
        var held = Decide("amount=10", AccountTerms.None.WithHold(new AccountHold(Outcome.Review, "customer", "", 1), 7));
        Assert.Contains("\"reasons\":[{\"rule\":\"account-held\",\"text\":\"The account is held: payments are stopped until it is released\"}]", Json(held, "amount=10"), StringComparison.Ordinal);
        var fields = "amount=100 merchantId=m1 country=FR";
        var confirmed = Decide(fields, Confirmed("merchantId=m1 country=FR").WithActivity([new("above", 20), new("abroad", null, "BE")], 3));
        var json = Json(confirmed, fields);
        Assert.Contains(",{\"rule\":\"confirmed-by-customer\",\"text\":\"The customer has confirmed such a payment before\"}],", json, StringComparison.Ordinal);
        Assert.Contains(",\"activity\":[{\"rule\":\"above\",\"text\":\"Above\"},{\"rule\":\"abroad\",\"text\":\"Abroad\"}],", json, StringComparison.Ordinal);
        Assert.Contains("\"alertId\":", json, StringComparison.Ordinal);
        Assert.DoesNotContain("activity", Json(held, "amount=10"), StringComparison.Ordinal);
    }

    private static AccountTerms Confirmed(string fields) => AccountTerms.None.WithPattern(Pattern(fields, Ticks("2026-03-04T13:00:00Z")), 1);

    private static ConfirmedPattern Pattern(string fields, long until) => new(ConfirmedPattern.KeyOf(Given.Transaction(fields)), until);

    private static long Ticks(string timestamp)
    {
        Assert.Equal(FieldProblem.None, TimestampText.Read(Encoding.UTF8.GetBytes(timestamp), out var ticks));
        return ticks;
    }

    private static AccountState State(AccountTerms terms) => new(Rules.Windows) { Terms = terms };

    private static Decision Decide(string fields, AccountTerms terms)
    {
        var decided = new TransactionDecided { Transaction = Given.Transaction(fields) };
        new AccountMachine(Rules, 1, NamedLists.Empty).Decide(State(terms), decided);
        return decided.Decision;
    }

    private static ReasonCatalog Catalog()
    {
        var catalog = new ReasonCatalog();
        catalog.Add(new DecidingRuleSet(1, Rules.Reference, Rules.Reasons));
        return catalog;
    }

    private static string[] Reasons(Decision decision) => [.. Catalog().ReasonsOf(decision).Select(static reason => reason.Rule)];

    private static string Json(Decision decision, string fields)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        DecisionJson.Write(output, Given.Transaction(fields), decision, Catalog());
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

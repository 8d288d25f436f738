using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

public class WindowFunctionTests
{
    // Five payments on one day, then the one that is looked at, an hour after the last.
    private const string Before = "5x +1h 04T08:00 amount=# country=BE deviceId=d# merchantId=a-merchant-with-a-long-name channel=pos";
    private const string Now = "04T13:00 amount=9 country=NL deviceId=d5 merchantId=a-merchant-with-a-long-name";

    [Theory]
    [InlineData("count(account, 1d) == 6")]
    [InlineData("count(account, 1h) == 1")]
    [InlineData("count(account, 3601s) == 2")]
    [InlineData("sum(account.amount, 1d) == 24")]
    [InlineData("sum(account.amount, 2h) == 14")]
    [InlineData("avg(account.amount, 1d) == 4")]
    [InlineData("min(account.amount, 2h) == 5 && min(account.amount, 1d) == 1")]
    [InlineData("max(account.amount, 1d) == 9")]
    [InlineData("stddev(account.amount, 1d) > 2.8284 && stddev(account.amount, 1d) < 2.8285")]
    [InlineData("distinct(account.country, 1d) == 2")]
    [InlineData("distinct(account.deviceId, 1d) == 5")]
    [InlineData("distinct(account.counterpartyId, 1d) == 0")]
    [InlineData("same(account.country, 1d) == 1")]
    [InlineData("same(account.deviceId, 1d) == 2")]
    [InlineData("same(account.merchantId, 1d) == 6")]
    [InlineData("same(account.merchantId, 2h) == 2")]
    [InlineData("same(account.merchantId, 1d, amount > 2) == 4")]
    [InlineData("same(account.merchantId, 1d, channel == \"pos\") == 5")]
    [InlineData("same(account.merchantId, 2h, delay 2h) == 2")]
    [InlineData("same(account.country, 2h, delay 2h) == 0")]
    [InlineData("last(account.amount) == 5")]
    [InlineData("last(account.country) == \"BE\"")]
    [InlineData("last(account.country, 2h) != country")]
    [InlineData("deviceId == last(account.deviceId)")]
    [InlineData("merchantId == last(account.merchantId)")]
    [InlineData("last(account.merchantId) == \"a-merchant-with-a-long-name\"")]
    [InlineData("last(account.country) in [\"NL\", \"BE\"]")]
    [InlineData("last(account.country) != last(account.currency)")]
    [InlineData("last(account.channel) == \"pos\"")]
    public void A_window_holds_the_payments_of_its_length_and_last_the_one_before(string when) =>
        Assert.Equal(RuleResult.Hit, After(when, Before, Now));

    [Theory]
    [InlineData("last(account.country, 1h) == \"BE\"")]
    [InlineData("last(account.country, 1h) != \"BE\"")]
    [InlineData("!(last(account.country, 1h) == country)")]
    [InlineData("last(account.counterpartyId) == counterpartyId")]
    [InlineData("same(account.counterpartyId, 1d) >= 0")]
    [InlineData("same(account.channel, 1d) >= 0")]
    [InlineData("channel == last(account.channel)")]
    [InlineData("channel != last(account.channel)")]
    public void What_is_not_there_makes_no_hit(string when) => Assert.Equal(RuleResult.NoHit, After(when, Before, Now));

    [Fact]
    public void Last_is_missing_before_the_first_payment()
    {
        Assert.Equal(RuleResult.NoHit, After("last(account.amount) >= 0", Now));
        Assert.Equal(RuleResult.NoHit, After("last(account.amount) < 0", Now));
    }

    [Fact]
    public void A_window_that_reaches_behind_what_is_kept_is_an_error()
    {
        var set = RuleSet.Parse(Given.Yaml("count(account, 1d) > 100"), "rules.yaml", WindowSettings.Default with { EventsMax = 3 });
        Assert.Equal(RuleResult.Error, new Account(set).Pay(Before).Pay(Now).Evaluation.Results[0]);
    }

    private static RuleResult After(string when, params string[] payments)
    {
        var account = new Account(Given.Set(when));
        foreach (var payment in payments)
        {
            account.Pay(payment);
        }

        return account.Evaluation.Results[0];
    }
}

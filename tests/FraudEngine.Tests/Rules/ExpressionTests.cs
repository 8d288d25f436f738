using FraudEngine.Rules;

namespace FraudEngine.Tests.Rules;

public class ExpressionTests
{
    [Theory]
    [InlineData("amount == 10", "amount=10", true)]
    [InlineData("amount == 10.0", "amount=10", true)]
    [InlineData("amount == 10", "amount=10.0001", false)]
    [InlineData("amount != 10", "amount=10.0001", true)]
    [InlineData("amount < 10", "amount=9.9999", true)]
    [InlineData("amount < 10", "amount=10", false)]
    [InlineData("amount <= 10", "amount=10", true)]
    [InlineData("amount <= 10", "amount=10.0001", false)]
    [InlineData("amount > 10", "amount=10.0001", true)]
    [InlineData("amount > 10", "amount=10", false)]
    [InlineData("amount >= 10", "amount=10", true)]
    [InlineData("amount >= 10", "amount=9.9999", false)]
    [InlineData("10 < amount", "amount=11", true)]
    [InlineData("amount == .5", "amount=0.5", true)]
    public void Numbers_compare_exactly(string when, string fields, bool hit) => Check(when, fields, hit);

    [Theory]
    [InlineData("amount + 1 == 11", "amount=10", true)]
    [InlineData("amount - 1 == 9", "amount=10", true)]
    [InlineData("amount * 3 == 30", "amount=10", true)]
    [InlineData("amount / 4 == 2.5", "amount=10", true)]
    [InlineData("amount % 4 == 2", "amount=10", true)]
    [InlineData("amount % 1 == 0.25", "amount=10.25", true)]
    [InlineData("-amount == -10", "amount=10", true)]
    [InlineData("--amount == 10", "amount=10", true)]
    [InlineData("0.1 + 0.2 == 0.3", "", true)]
    [InlineData("amount + 0.2 == 0.3", "amount=0.1", true)]
    public void Arithmetic_is_decimal(string when, string fields, bool hit) => Check(when, fields, hit);

    [Theory]
    [InlineData("1 + 2 * 3 == 7", true)]
    [InlineData("(1 + 2) * 3 == 9", true)]
    [InlineData("10 - 3 - 2 == 5", true)]
    [InlineData("100 / 10 / 5 == 2", true)]
    [InlineData("7 % 4 * 2 == 6", true)]
    [InlineData("-2 + 3 == 1", true)]
    [InlineData("2 - -3 == 5", true)]
    [InlineData("true || false && false", true)]
    [InlineData("(true || false) && false", false)]
    [InlineData("!false && true", true)]
    [InlineData("!(false && true)", true)]
    [InlineData("!true == false", true)]
    [InlineData("!!true", true)]
    [InlineData("1 < 2 == true", true)]
    [InlineData("1 + 1 in [2, 3]", true)]
    [InlineData("1 + 1 < 2 + 1 && 2 > 1 || false", true)]
    [InlineData("false && true || true", true)]
    [InlineData("5 - amount == 5 - 10", true)]
    [InlineData("amount - 5 - 1 == 4 && amount / 5 / 2 == 1", true)]
    public void Operators_bind_as_in_CEL(string when, bool hit) => Check(when, "amount=10", hit);

    [Theory]
    [InlineData("transactionId == \"t1\"", "")]
    [InlineData("accountId == \"a1\"", "")]
    [InlineData("amount == 5", "amount=5")]
    [InlineData("currency == \"EUR\"", "")]
    [InlineData("currency == \"USD\"", "currency=USD")]
    [InlineData("merchantId == \"m1\"", "merchantId=m1")]
    [InlineData("terminalId == \"t9\"", "terminalId=t9")]
    [InlineData("deviceId == \"d1\"", "deviceId=d1")]
    [InlineData("counterpartyId == \"BE68539007547034\"", "counterpartyId=BE68539007547034")]
    [InlineData("merchantCategory == \"7995\"", "merchantCategory=7995")]
    [InlineData("country == \"BE\"", "country=BE")]
    [InlineData("channel == \"online\"", "channel=online")]
    [InlineData("ipAddress == \"10.0.0.1\"", "ipAddress=10.0.0.1")]
    [InlineData("latitude == 50.8466", "latitude=508466e-4 longitude=43528e-4")]
    [InlineData("longitude == -4.3528", "latitude=508466e-4 longitude=-43528e-4")]
    public void Every_field_can_be_read(string when, string fields) => Check(when, fields, hit: true);

    [Theory]
    [InlineData("country == \"BE\"", "country=NL", false)]
    [InlineData("country != \"BE\"", "country=NL", true)]
    [InlineData("\"BE\" == country", "country=BE", true)]
    [InlineData("'BE' == country", "country=BE", true)]
    [InlineData("\"a\" == 'a'", "", true)]
    [InlineData("\"a\" != \"b\"", "", true)]
    [InlineData("merchantId == terminalId", "merchantId=x terminalId=x", true)]
    [InlineData("merchantId != terminalId", "merchantId=x terminalId=y", true)]
    [InlineData("country in [\"BE\", \"NL\"]", "country=NL", true)]
    [InlineData("country in [\"BE\", \"NL\"]", "country=FR", false)]
    [InlineData("!(country in [\"BE\", \"NL\"])", "country=FR", true)]
    [InlineData("country in [\"BE\"]", "country=BE", true)]
    [InlineData("country in []", "country=BE", false)]
    [InlineData("\"x\" in [merchantId, terminalId]", "merchantId=y terminalId=x", true)]
    [InlineData("amount in [1, 2, 5 * 2]", "amount=10", true)]
    [InlineData("merchantId == \"a text that is longer than fifteen bytes\"", "merchantId=short", false)]
    public void Texts_compare_by_their_characters(string when, string fields, bool hit) => Check(when, fields, hit);

    [Theory]
    [InlineData("true == (amount > 5)", "amount=10", true)]
    [InlineData("(amount > 5) != (amount > 20)", "amount=10", true)]
    [InlineData("(country == \"BE\") == (currency == \"EUR\")", "country=BE", true)]
    public void Conditions_compare_with_each_other(string when, string fields, bool hit) => Check(when, fields, hit);

    [Theory]
    [InlineData("1h == 60m")]
    [InlineData("1d == 24h")]
    [InlineData("90s < 2m")]
    [InlineData("30d > 1h")]
    [InlineData("1h + 30m == 90m")]
    [InlineData("1h - 2h == -1h")]
    [InlineData("timestamp - (timestamp - 1h) == 60m")]
    [InlineData("timestamp + 1h > timestamp")]
    [InlineData("1h + timestamp > timestamp")]
    public void Durations_and_timestamps_are_added_and_compared(string when) => Check(when, "", hit: true);

    [Theory]
    [InlineData("amount > 5 // and not less", "amount=10")]
    [InlineData("amount>5&&amount<20", "amount=10")]
    [InlineData("\tamount  >\t5", "amount=10")]
    public void Space_and_comments_do_not_count(string when, string fields) => Check(when, fields, hit: true);

    private static void Check(string when, string fields, bool hit) =>
        Assert.Equal(hit ? RuleResult.Hit : RuleResult.NoHit, Given.Result(when, fields));
}

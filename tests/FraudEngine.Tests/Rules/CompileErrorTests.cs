using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>Every error of an expression, with its exact place in the file: the condition begins in column 11 of line 6.</summary>
public class CompileErrorTests
{
    [Theory]
    [InlineData("amount >", 19, "expected a value, but found the end")]
    [InlineData("(amount > 1", 22, "expected ')' or an operator, but found the end")]
    [InlineData("amount > 1)", 21, "expected an operator or the end, but found ')'")]
    [InlineData("amount > 1 and true", 22, "expected an operator or the end, but found 'and'; did you mean '&&'?")]
    [InlineData("amount > 1 or true", 22, "expected an operator or the end, but found 'or'; did you mean '||'?")]
    [InlineData("amount = 1", 18, "'=' is no operator; did you mean '=='?")]
    [InlineData("true & true", 16, "'&' is no operator; did you mean '&&'?")]
    [InlineData("true | true", 16, "'|' is no operator; did you mean '||'?")]
    [InlineData("amount > 1 ? true", 28, "expected ':' and what holds otherwise, but found the end")]
    [InlineData("amount @ 1", 18, "'@' is not part of the rule language")]
    [InlineData("amount > 1e", 20, "'1e' is neither a decimal number (3, 0.25, 1e6) nor a duration, which is a whole number with s, m, h or d (90s, 15m, 1h, 30d)")]
    [InlineData("amount > 1.5h", 20, "'1.5h' is neither a decimal number (3, 0.25, 1e6) nor a duration, which is a whole number with s, m, h or d (90s, 15m, 1h, 30d)")]
    [InlineData("amount > 12345678901234567890123456789", 20, "a number has at most 28 digits")]
    [InlineData("count(account, 99999999d) > 1", 26, "a duration is at most 36500d")]
    [InlineData("country == \"BE", 22, "the text that begins here has no closing \" on its line")]
    [InlineData("country == \"B\\q\"", 24, "'\\q' is no escape; a backslash itself is written \\\\")]
    [InlineData("country == \"\\xZ1\"", 23, "this escape takes 2 hexadecimal digits")]
    [InlineData("country == \"\\18\"", 23, "this escape takes 3 octal digits")]
    [InlineData("country == \"\\uD800\"", 23, "this escape names no Unicode character")]
    [InlineData("account. > 1", 20, "expected the name of a field or a method after the point, but found '>'")]
    [InlineData("country in [\"BE\" \"NL\"]", 28, "expected ']' or ',', but found '\"NL\"'")]
    [InlineData("hour(timestamp", 25, "expected ')' or ',', but found the end")]
    public void A_text_that_is_no_expression_is_refused(string when, int column, string message) => Check(when, column, message);

    [Theory]
    [InlineData("merchantID == \"m\"", 11, "there is no field 'merchantID'; did you mean 'merchantId'?")]
    [InlineData("true && amuont > 1", 19, "there is no field 'amuont'; did you mean 'amount'?")]
    [InlineData("whatever > 1", 11, "there is no field 'whatever'")]
    [InlineData("cuont(account, 1h) > 1", 11, "there is no function 'cuont'; did you mean 'count'?")]
    [InlineData("sounds(country) > 1", 11, "there is no function 'sounds'")]
    [InlineData("hour > 1", 11, "hour is a function and needs its arguments in parentheses")]
    [InlineData("count > 1", 11, "count is a function and needs its arguments in parentheses")]
    [InlineData("account > 1", 11, "account has no value of its own; it stands in window functions, as in count(account, 1h)")]
    [InlineData("account.amount > 1", 11, "a field of account stands only in window functions, as in avg(account.amount, 30d)")]
    [InlineData("country.code == \"BE\"", 19, "there is no field 'code' here: only an entity has fields, as in avg(account.amount, 30d)")]
    public void An_unknown_name_is_refused_with_the_nearest_known_one(string when, int column, string message) => Check(when, column, message);

    [Theory]
    [InlineData("amount > \"5\"", 20, "'>' compares two numbers, but the right side is text")]
    [InlineData("\"5\" > amount", 17, "'>' compares two texts, but the right side is a number")]
    [InlineData("amount == \"5\"", 21, "'==' compares two numbers, but the right side is text")]
    [InlineData("country != 5", 22, "'!=' compares two texts, but the right side is a number")]
    [InlineData("(amount > 1) == 1", 27, "'==' compares two conditions, but the right side is a number")]
    [InlineData("true > false", 11, "'>' compares two numbers, but the left side is a condition")]
    [InlineData("amount > 1h", 20, "'>' compares two numbers, but the right side is a duration")]
    [InlineData("timestamp > 1h", 23, "'>' compares two timestamps, but the right side is a duration")]
    [InlineData("1h < 5", 16, "'<' compares two durations, but the right side is a number")]
    [InlineData("country < 1h", 21, "'<' compares two texts, but the right side is a duration")]
    [InlineData("amount + country > 1", 20, "'+' takes two numbers, but the right side is text")]
    [InlineData("country + amount > 1", 21, "'+' joins two texts, but the right side is a number")]
    [InlineData("1h * 2 > 1h", 11, "'*' takes two numbers, but the left side is a duration")]
    [InlineData("-country == \"BE\"", 12, "'-' takes a number or a duration, but this is text")]
    [InlineData("-timestamp > timestamp", 12, "'-' takes a number or a duration, but this is a timestamp")]
    [InlineData("!amount", 12, "'!' takes a condition, but this is a number")]
    [InlineData("amount && true", 11, "'&&' joins two conditions, but the left side is a number")]
    [InlineData("true || country", 19, "'||' joins two conditions, but the right side is text")]
    [InlineData("amount", 11, "a rule needs a condition (true or false), but this is a number")]
    [InlineData("(1h)", 11, "a rule needs a condition (true or false), but this is a duration")]
    [InlineData("amount in country", 21, "'in' looks into a list, as in country in [\"BE\", \"NL\"] or list(\"name\"), but this is text")]
    [InlineData("amount in [1, \"x\"]", 25, "a list has items of one type: it begins with a number, but this is text")]
    [InlineData("[1] == 1", 18, "'==' compares two lists, but the right side is a number")]
    [InlineData("amount / 0 > 1", 11, "this divides by zero")]
    [InlineData("amount % 0.0 > 1", 11, "this divides by zero")]
    [InlineData("1 / 0 > 1", 11, "this divides by zero")]
    [InlineData("9999999999999999999999999999 * 10 > 1", 11, "the result of this is too large")]
    public void Types_that_do_not_fit_are_refused(string when, int column, string message) => Check(when, column, message);

    [Theory]
    [InlineData("channel == \"Online\"", 22, "channel is one of 'pos', 'online', 'atm' and 'transfer', so it never equals 'Online'")]
    [InlineData("country == \"be\"", 22, "country is 2 capital letters (ISO 3166-1, as in 'BE'), so it never equals 'be'")]
    [InlineData("\"Belgium\" != country", 11, "country is 2 capital letters (ISO 3166-1, as in 'BE'), so it never equals 'Belgium'")]
    [InlineData("currency == \"EURO\"", 23, "currency is 3 capital letters (ISO 4217, as in 'EUR'), so it never equals 'EURO'")]
    [InlineData("merchantCategory == \"gambling\"", 31, "merchantCategory is 4 digits (an MCC, as in '7995'), so it never equals 'gambling'")]
    [InlineData("ipAddress == \"localhost\"", 24, "ipAddress is an IP address, so it never equals 'localhost'")]
    [InlineData("merchantId == \"\"", 25, "merchantId is 1 to 64 characters, so it never equals ''")]
    [InlineData("country in [\"BE\", \"NLD\"]", 29, "country is 2 capital letters (ISO 3166-1, as in 'BE'), so it never equals 'NLD'")]
    [InlineData("last(account.country, 1h) == \"b\"", 40, "country is 2 capital letters (ISO 3166-1, as in 'BE'), so it never equals 'b'")]
    public void A_literal_that_a_field_can_never_equal_is_refused(string when, int column, string message) => Check(when, column, message);

    [Theory]
    [InlineData("count(account) > 1", 11, "count takes an entity, a length and, where not all transactions count, a condition on them, as in count(account, 1h)")]
    [InlineData("avg(account.amount) > 1", 11, "avg takes a field of an entity, a length and, where not all transactions count, a condition on them, as in avg(account.amount, 30d)")]
    [InlineData("count() > 1", 11, "count takes an entity, a length and, where not all transactions count, a condition on them, as in count(account, 1h)")]
    [InlineData("last(account.country, 1h, 2) == country", 37, "expected a condition on the transactions of account, as in channel == \"online\", but this is a number")]
    [InlineData("count(account.amount, 1h) > 1", 17, "count counts transactions and takes an entity alone, as in count(account, 1h)")]
    [InlineData("sum(account, 1h) > 1", 15, "sum takes a field of an entity, as in sum(account.amount, 30d)")]
    [InlineData("sum(amount, 1h) > 1", 15, "sum takes a field of an entity, as in sum(account.amount, 30d)")]
    [InlineData("sum(account.country, 1h) > 1", 23, "sum does not take 'country', but amount")]
    [InlineData("sum(account.amout, 1h) > 1", 23, "sum does not take 'amout', but amount; did you mean 'amount'?")]
    [InlineData("last(account.timestamp) == timestamp", 24, "last does not take 'timestamp', but amount, merchantId, terminalId, deviceId, counterpartyId, ipAddress, currency, country, merchantCategory, channel")]
    [InlineData("count(account, 5) > 1", 26, "the length must be a duration, as in 90s, 15m, 1h or 30d")]
    [InlineData("count(account, 0h) > 1", 26, "the length must be more than 0")]
    [InlineData("count(account, 60d) > 1", 26, "the length 60d is longer than the horizon of 30d that is kept")]
    [InlineData("count(account, 721h) > 1", 26, "the length 721h is longer than the horizon of 30d that is kept")]
    [InlineData("count(account, 30d) > 1", 0, "")]
    [InlineData("hour() > 1", 11, "hour takes a timestamp and, if not UTC, a time zone, as in hour(timestamp, \"Europe/Brussels\")")]
    [InlineData("hour(amount) > 1", 16, "hour takes a timestamp, but this is a number")]
    [InlineData("hour(timestamp, country) > 1", 27, "the time zone must be a text between quotes, as in \"Europe/Brussels\"")]
    [InlineData("weekday(timestamp, \"Europe/Brussel\") > 1", 30, "there is no time zone 'Europe/Brussel'; a name of the IANA database is expected, as in \"Europe/Brussels\", or an offset, as in \"+02:00\"")]
    public void Arguments_that_do_not_fit_are_refused(string when, int column, string message) => Check(when, column, message);

    [Fact]
    public void All_errors_of_an_expression_are_told_at_once()
    {
        var exception = Assert.Throws<RuleSetException>(() => Parse("amuont > 1 && country == \"be\" && count(account, 0s) > \"x\""));
        Assert.Equal([11, 36, 59], exception.Errors.Select(static error => error.Column));
    }

    [Fact]
    public void An_error_shows_its_line_and_points_to_its_place()
    {
        var exception = Assert.Throws<RuleSetException>(() => Parse("amuont > 1"));
        Assert.Equal(
            """
            rules.yaml:6:11: there is no field 'amuont'; did you mean 'amount'?
                  when: amuont > 1
                        ^
            """.ReplaceLineEndings("\n"),
            exception.Message);
    }

    private static void Check(string when, int column, string message)
    {
        if (column == 0)
        {
            Parse(when);
            return;
        }

        var exception = Assert.Throws<RuleSetException>(() => Parse(when));
        var error = Assert.Single(exception.Errors);
        Assert.Equal((6, IsPlain(when) ? column : column + 1, message), (error.Line, error.Column, error.Message));
    }

    private static RuleSet Parse(string when) =>
        RuleSet.Parse(Given.Yaml(IsPlain(when) ? when : $"'{when}'"), "rules.yaml", WindowSettings.Default);

    /// <summary>Whether YAML takes it for a plain text; else it stands in quotes, one column further.</summary>
    private static bool IsPlain(string when) => when[0] is not ('"' or '!' or '[') && !when.Contains(": ", StringComparison.Ordinal);
}

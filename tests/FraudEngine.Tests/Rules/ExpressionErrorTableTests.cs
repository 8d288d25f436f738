namespace FraudEngine.Tests.Rules;

/// <summary>Expressions that do not compile: each with the column of the place, from 1, and the message.</summary>
public class ExpressionErrorTableTests
{
    public static TheoryData<string, string> Syntax { get; } = Expressions.Table("""
        amount > 1 ? 2 => 15: expected ':' and what holds otherwise, but found the end
        amount > 1 : 2 => 12: expected an operator or the end, but found ':'
        amount > 1 ? : 2 => 14: expected a value, but found ':'
        [1, 2 => 6: expected ']' or ',', but found the end
        [1][0 => 6: expected ']' or an operator, but found the end
        [,] => 2: expected a value, but found ','
        [1,,2] => 4: expected a value, but found ','
        hour(timestamp,) => 16: expected a value: only a list may end with a comma, but found ')'
        country.startsWith( => 20: expected a value, but found the end
        country. => 9: expected the name of a field or a method after the point, but found the end
        b"abc" => 1: bytes (b"…") are not part of the rule language; a text has no letter before it, or an r
        r"abc => 1: the text that begins here has no closing " on its line
        '''abc' => 1: the text that begins here has no closing '''
        1e => 1: '1e' is neither a decimal number (3, 0.25, 1e6) nor a duration, which is a whole number with s, m, h or d (90s, 15m, 1h, 30d)
        0x => 1: '0x' is neither a decimal number (3, 0.25, 1e6) nor a duration, which is a whole number with s, m, h or d (90s, 15m, 1h, 30d)
        12u => 1: '12u' is neither a decimal number (3, 0.25, 1e6) nor a duration, which is a whole number with s, m, h or d (90s, 15m, 1h, 30d)
        1e29 => 1: a number has at most 28 digits before and behind the point together
        1e-29 => 1: a number has at most 28 digits before and behind the point together
        1e999999999999 => 1: a number has at most 28 digits before and behind the point together
        0xffffffffffffffffffffffffffffffffffffff => 1: a number has at most 28 digits
        1 = 1 => 3: '=' is no operator; did you mean '=='?
        """);

    [Theory]
    [MemberData(nameof(Syntax))]
    public void A_text_that_is_no_expression_is_refused(string expression, string problem) => Check(expression, problem);

    public static TheoryData<string, string> Types { get; } = Expressions.Table("""
        amount ? 1 : 2 => 1: before '?' stands a condition, but this is a number
        'cows' ? false : 17 => 1: before '?' stands a condition, but this is text
        true ? 'cows' : 17 => 17: both sides of ':' are of one type: the left one is text, but this is a number
        true ? [1] : ['a'] => 14: both sides of ':' are of one type: the left list begins with a number, but this one with text
        'less filling' && 'tastes great' => 1: '&&' joins two conditions, but the left side is text | 19: '&&' joins two conditions, but the right side is text
        true && 32 => 9: '&&' joins two conditions, but the right side is a number
        !5 => 2: '!' takes a condition, but this is a number
        -true => 2: '-' takes a number or a duration, but this is a condition
        [1] - [2] => 1: '-' takes two numbers, but the left side is a list
        'a' * 3 => 1: '*' takes two numbers, but the left side is text
        'a' + 1 => 7: '+' joins two texts, but the right side is a number
        [1] + 2 => 7: '+' joins two lists, but the right side is a number
        [1] + ['a'] => 7: '+' takes two lists with items of one type, but the left one begins with a number and the right one with text
        [1] == ['a'] => 8: '==' takes two lists with items of one type, but the left one begins with a number and the right one with text
        [1] < [2] => 1: '<' compares two numbers, but the left side is a list
        [1, 'a'] => 5: a list has items of one type: it begins with a number, but this is text
        [[1], 2] => 7: a list has items of one type: it begins with a list, but this is a number
        [[1], amount > 5 ? [2] : [3]] => 7: a list in a list must be written out
        (amount > 5 ? [1] : [2]) in [[1]] => 1: a list that is looked for in a list must be written out
        country + "x" == "BEx" => 1: texts are joined only where both are literals; compare the parts one by one, or use startsWith and endsWith
        merchantId + terminalId == "x" => 1: texts are joined only where both are literals; compare the parts one by one, or use startsWith and endsWith
        amount in 5 => 11: 'in' looks into a list, as in country in ["BE", "NL"] or list("name"), but this is a number
        'a' in 'abc' => 8: 'in' looks into a list, as in country in ["BE", "NL"] or list("name"), but this is text
        5[0] => 1: '[…]' takes an item of a list, but this is a number
        [1, 2][2] => 8: the list has 2 items, so an index is a whole number from 0 to 1
        [1, 2][-1] => 8: the list has 2 items, so an index is a whole number from 0 to 1
        [1, 2][0.5] => 8: the list has 2 items, so an index is a whole number from 0 to 1
        [][0] => 4: the list has no items
        [1, 2][amount] => 8: an index must be known when the file is read, as in 0
        [1, 2]['a'] => 8: an index is a number, but this is text
        amount / 0 => 1: this divides by zero
        timestamp('0001-01-01T00:00:00Z') + duration('-1s') => 1: the result of this is out of range
        timestamp('9999-12-31T23:59:59Z') + duration('1s') => 1: the result of this is out of range
        timestamp + timestamp => 1: '+' takes two numbers, but the left side is a timestamp
        channel == "Online" ? 1 : 2 => 12: channel is one of 'pos', 'online', 'atm' and 'transfer', so it never equals 'Online'
        [channel][0] == "Online" => 17: channel is one of 'pos', 'online', 'atm' and 'transfer', so it never equals 'Online'
        (amount > 5 ? country : country) == "be" => 37: country is 2 capital letters (ISO 3166-1, as in 'BE'), so it never equals 'be'
        null == country => 1: there is no null; has(country) tells whether a field is given
        """);

    [Theory]
    [MemberData(nameof(Types))]
    public void Types_that_do_not_fit_are_refused(string expression, string problem) => Check(expression, problem);

    public static TheoryData<string, string> Functions { get; } = Expressions.Table("""
        merchantId.startWith("A") => 12: there is no method 'startWith'; did you mean 'startsWith'?
        merchantId.startswith("A") => 12: there is no method 'startswith'; did you mean 'startsWith'?
        merchantId.match("A") => 12: there is no method 'match'; did you mean 'matches'?
        merchantId.length() => 12: there is no method 'length'
        startsWith(merchantId, "A") => 1: startsWith is a method: it stands behind what it is asked of, as in merchantId.startsWith("AB")
        getHours(timestamp) => 1: getHours is a method: it stands behind what it is asked of, as in timestamp.getHours()
        timestamp.hour() => 11: hour is a function: what it takes stands in its parentheses
        merchantId.startsWith => 12: startsWith is a method and needs its arguments in parentheses
        merchantId.startsWith() => 1: startsWith takes one text, as in merchantId.startsWith("AB")
        merchantId.startsWith("A", "B") => 1: startsWith takes one text, as in merchantId.startsWith("AB")
        merchantId.startsWith(5) => 23: startsWith takes text, but this is a number
        amount.contains("1") => 1: contains takes text, but this is a number
        amount.size() => 1: size takes a text or a list, but this is a number
        size() => 1: size takes a text or a list, as in merchantId.size() or size(merchantId)
        merchantId.size(1) => 1: size takes a text or a list, as in merchantId.size() or size(merchantId)
        merchantId.matches(country) => 20: a pattern must be known when the file is read, as in "^AB[0-9]+$"
        merchantId.matches(5) => 20: a pattern is text, but this is a number
        merchantId.matches() => 1: matches takes a pattern, as in merchantId.matches("^AB[0-9]+$")
        merchantId.matches("(") => 20: a '(' has no ')' behind it
        merchantId.matches("a)") => 20: a ')' has no '(' before it
        merchantId.matches("[a") => 20: a '[' has no ']' behind it
        merchantId.matches("*a") => 20: '*' has nothing before it to repeat
        merchantId.matches("a**") => 20: '*' stands behind another repetition
        merchantId.matches("a{2,1}") => 20: '{2,1}' is no count: it goes from the smaller to the larger one, at most 1000
        merchantId.matches("a{1001}") => 20: '{1001}' is no count: it goes from the smaller to the larger one, at most 1000
        merchantId.matches("(a{1000}){1000}") => 20: the pattern stands for more than 1000 characters and choices: repeat less, or less often inside another repetition
        merchantId.matches("(?=a)") => 20: patterns can't look ahead or back: '(?=', '(?!', '(?<=' and '(?<!' are not supported
        merchantId.matches("(a)\\1") => 20: '\1' refers back to a group, which is not supported
        merchantId.matches("\\p{L}") => 20: '\p' is no escape of a pattern
        merchantId.matches("[[:alhpa:]]") => 20: there is no class '[:alhpa:]'; did you mean 'alpha'?
        merchantId.matches("[z-a]") => 20: a range in '[…]' goes from the smaller to the larger character
        merchantId.matches("a\\") => 20: the pattern ends with a backslash
        has() => 1: has takes a field of the transaction, as in has(country)
        has(country == "BE") => 5: has takes a field of the transaction, as in has(country)
        has(contry) => 5: there is no field 'contry'; did you mean 'country'?
        has(account.country) => 5: has takes a field of the transaction, as in has(country)
        timestamp("2026-03-04") => 11: timestamp takes a text with date, time and offset (RFC 3339), as in timestamp("2026-03-04T12:00:00Z"), but found '2026-03-04'
        timestamp('0000-01-01T00:00:00Z') => 11: timestamp takes a text with date, time and offset (RFC 3339), as in timestamp("2026-03-04T12:00:00Z"), but found '0000-01-01T00:00:00Z'
        timestamp(5) => 1: timestamp takes a text with date, time and offset (RFC 3339), as in timestamp("2026-03-04T12:00:00Z")
        duration("1 hour") => 10: duration takes a text of numbers with the units h, m, s, ms, us or ns, at most 36500 days and a multiple of 100ns, as in duration("1h30m"), but found '1 hour'
        duration('320000000000s') => 10: duration takes a text of numbers with the units h, m, s, ms, us or ns, at most 36500 days and a multiple of 100ns, as in duration("1h30m"), but found '320000000000s'
        duration("1ns") => 10: duration takes a text of numbers with the units h, m, s, ms, us or ns, at most 36500 days and a multiple of 100ns, as in duration("1h30m"), but found '1ns'
        duration("") => 10: duration takes a text of numbers with the units h, m, s, ms, us or ns, at most 36500 days and a multiple of 100ns, as in duration("1h30m"), but found ''
        timestamp.getHours("Mars") => 20: there is no time zone 'Mars'; a name of the IANA database is expected, as in "Europe/Brussels", or an offset, as in "+02:00"
        timestamp.getHours("+25:00") => 20: there is no time zone '+25:00'; a name of the IANA database is expected, as in "Europe/Brussels", or an offset, as in "+02:00"
        timestamp.getHours("") => 20: there is no time zone ''; a name of the IANA database is expected, as in "Europe/Brussels", or an offset, as in "+02:00"
        timestamp.getHours(5) => 20: the time zone must be a text between quotes, as in "Europe/Brussels"
        timestamp.getHours("UTC", 1) => 1: getHours takes nothing or a time zone, as in timestamp.getHours("Europe/Brussels")
        amount.getHours() => 1: getHours is asked of a timestamp, but this is a number
        (1h).getFullYear() => 6: getFullYear is asked of a timestamp, but this is a duration, which has getHours, getMilliseconds, getMinutes, getSeconds
        (1h).getHours("UTC") => 1: getHours of a duration takes nothing in its parentheses
        list("countries") => 1: a named list stands on the right of 'in', as in merchantId in list("blocked-merchants")
        amount in list("countries") => 1: a named list holds texts, but this is a number
        country in list(country) => 12: list takes the name of a list between quotes: a named list stands on the right of 'in', as in merchantId in list("blocked-merchants")
        country in list("Countries") => 17: the name of a list takes small letters, digits and hyphens, at most 64 and no hyphen first, but found 'Countries'
        country in list("contries") => 17: there is no list 'contries'; did you mean 'countries'?; make it with PUT /v1/lists/contries or a file config/lists/contries.txt
        country in list("shops") => 17: there is no list 'shops'; make it with PUT /v1/lists/shops or a file config/lists/shops.txt
        """);

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_says_what_it_takes(string expression, string problem) => Check(expression, problem);

    public static TheoryData<string, string> Windows { get; } = Expressions.Table("""
        count(account, 1h, 5) => 20: expected a condition on the transactions of account, as in channel == "online", but this is a number
        count(account, 1h, channel == "online", 5) => 1: count takes an entity, a length and, where not all transactions count, a condition on them, as in count(account, 1h)
        acount.amount > 5 => 1: there is no 'acount' with fields; did you mean 'account'?
        sum(acount.amount, 1h) => 5: sum takes a field of an entity, as in sum(account.amount, 30d); did you mean 'account'?
        account.count(1h) => 9: count is a function: what it takes stands in its parentheses
        count(account, 1h, acount.amount > 5) => 20: there is no 'acount' with fields; did you mean 'account'?
        count(acount, 1h) => 7: count counts transactions and takes an entity alone, as in count(account, 1h); did you mean 'account'?
        count(account, channel == "online") => 16: the length must be a duration, as in 90s, 15m, 1h or 30d
        count(account, 1h, chanel == "online") => 20: there is no field 'chanel'; did you mean 'channel'?
        count(account, 1h, account.chanel == "online") => 28: there is no field 'chanel'; did you mean 'channel'?
        count(account, 1h, channel == "Online") => 31: channel is one of 'pos', 'online', 'atm' and 'transfer', so it never equals 'Online'
        count(account, 1h, count(account, 1h) > 1) => 20: a condition on a window's transactions looks at one of them, so it can't use count
        count(account, 1h, since(account) > 1h) => 20: a condition on a window's transactions looks at one of them, so it can't use since
        count(account, 1h, country in list("countries")) => 31: a filter can't ask a named list: the list changes, but what a window has counted does not
        count(account, 1h, amount * 2 > 5) => 20: this could be too large or divide by zero, and a condition on a window's transactions must not fail; % and / by a number of at least 1 are fine
        count(account, 1h, amount / 0.5 > 5) => 20: this could be too large or divide by zero, and a condition on a window's transactions must not fail; % and / by a number of at least 1 are fine
        count(account, 1h, 100 / amount > 5) => 20: this could be too large or divide by zero, and a condition on a window's transactions must not fail; % and / by a number of at least 1 are fine
        count(account, 1h, timestamp + 1h > timestamp) => 20: this could be too large or divide by zero, and a condition on a window's transactions must not fail; % and / by a number of at least 1 are fine
        count(account, duration("-1h")) => 16: the length must be more than 0
        last(account.country, 5) => 23: the length must be a duration, as in 90s, 15m, 1h or 30d
        last(account.contry) => 14: last does not take 'contry', but amount, merchantId, terminalId, deviceId, counterpartyId, ipAddress, currency, country, merchantCategory, channel; did you mean 'country'?
        last(account.country, country) => 23: expected a condition on the transactions of account, as in channel == "online", but this is text
        last(account.merchantId) < "x" => 1: '<' needs a text of the transaction itself: of the texts in a window only enough is kept to compare them with ==, != and in
        last(account.merchantId).startsWith("x") => 1: startsWith needs a text of the transaction itself: of the texts in a window only enough is kept to compare them with ==, != and in
        size(last(account.merchantId)) => 6: size needs a text of the transaction itself: of the texts in a window only enough is kept to compare them with ==, != and in
        (has(country) ? merchantId : last(account.merchantId)).matches("x") => 1: matches needs a text of the transaction itself: of the texts in a window only enough is kept to compare them with ==, != and in
        since() => 1: since takes an entity or a condition on its transactions, as in since(account.country == "FR"), and a length where not the whole horizon counts
        since(country) => 7: expected a condition on the transactions of account, as in channel == "online", but this is text
        since(account, 60d) => 16: the length 60d is longer than the horizon of 30d that is kept
        since(account) > 5 => 18: '>' compares two durations, but the right side is a number
        distance_km(account) => 13: distance_km takes the last position of an entity, as in distance_km(account.last)
        distance_km() => 1: distance_km takes the last position of an entity, as in distance_km(account.last), and a length where not the whole horizon counts
        speed_kmh(account.first) => 11: speed_kmh takes the last position of an entity, as in speed_kmh(account.last)
        speed_kph(account.last) => 1: there is no function 'speed_kph'; did you mean 'speed_kmh'?
        """);

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_window_says_what_it_takes(string expression, string problem) => Check(expression, problem);

    [Fact]
    public void Lists_that_may_be_too_many_are_refused()
    {
        var choice = "(amount > 1 ? [1] : [2])";
        var six = string.Join(" + ", Enumerable.Repeat(choice, 6));
        Assert.Equal("false", Expressions.Result($"1 in ({six} + [3]) == false"));
        Assert.EndsWith("these lists are chosen in more than 64 ways together", Expressions.Result($"{six} + {choice}"), StringComparison.Ordinal);
    }

    private static void Check(string expression, string problem) => Assert.Equal(problem, Expressions.Result(expression));
}

using System.Net;
using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>Each field below, at and above its limits.</summary>
public sealed class FieldTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly string[] Texts =
    [
        "transactionId", "accountId", "timestamp", "currency", "merchantId", "terminalId", "deviceId", "counterpartyId", "merchantCategory", "country",
        "channel", "ipAddress",
    ];

    private static readonly string[] Numbers = ["amount", "latitude", "longitude"];

    public static TheoryData<string, string> WrongTypes()
    {
        var data = new TheoryData<string, string>();
        foreach (var name in Texts)
        {
            data.Add(name, "must be a JSON string");
        }

        foreach (var name in Numbers)
        {
            data.Add(name, "must be a JSON number");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(WrongTypes))]
    public async Task A_field_of_the_wrong_type_is_named(string name, string problem)
    {
        string[] values = ["true", "false", "{}", "[]", "{\"a\":[1]}", "[[\"x\"]]", Numbers.Contains(name) ? "\"1\"" : "1"];
        foreach (var value in values)
        {
            Assert.Equal($"{name} {problem}", (await engine.PostAsync(Tx.With(name, value))).Errors());
        }
    }

    [Theory]
    [InlineData("transactionId")]
    [InlineData("accountId")]
    [InlineData("timestamp")]
    [InlineData("amount")]
    public async Task A_required_field_that_is_missing_or_null_is_named(string name)
    {
        Assert.Equal($"{name} is required", (await engine.PostAsync(Tx.With(name, null))).Errors());
        Assert.Equal($"{name} is required", (await engine.PostAsync(Tx.With(name, "null"))).Errors());
    }

    [Fact]
    public async Task Each_missing_field_is_named_at_once() => Assert.Equal(
        "transactionId is required; accountId is required; timestamp is required; amount is required", (await engine.PostAsync("{}")).Errors());

    [Fact]
    public async Task Each_wrong_field_is_named_at_once() => Assert.Equal(
        "transactionId must not be empty; amount must be 0 or more; country must be an ISO 3166-1 alpha-2 code: two capital letters, such as BE; accountId is required",
        (await engine.PostAsync($$"""{"transactionId":"","timestamp":"{{Tx.Time}}","amount":-1,"country":"be"}""")).Errors());

    [Theory]
    [InlineData("-1", "must be 0 or more")]
    [InlineData("-0.01", "must be 0 or more")]
    [InlineData("1e400", "must have at most 12 digits before the point")]
    [InlineData("1e2147483648", "must have at most 12 digits before the point")]
    [InlineData("1e-400", "must have at most 4 digits after the point")]
    [InlineData("12345678901234567890", "must have at most 12 digits before the point")]
    [InlineData("1000000000000", "must have at most 12 digits before the point")]
    [InlineData("1e12", "must have at most 12 digits before the point")]
    [InlineData("1234567890123.12345", "must have at most 12 digits before the point")]
    [InlineData("1.23456", "must have at most 4 digits after the point")]
    [InlineData("0.00001", "must have at most 4 digits after the point")]
    [InlineData("0.12345678901234567890", "must have at most 4 digits after the point")]
    [InlineData("1.00000000000000000000", "must have at most 4 digits after the point")]
    public async Task An_amount_out_of_range_is_refused(string amount, string problem) =>
        Assert.Equal($"amount {problem}", (await engine.PostAsync(Tx.With("amount", amount))).Errors());

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("01")]
    [InlineData("+1")]
    [InlineData("1e")]
    [InlineData("0x10")]
    [InlineData("1,5")]
    public async Task An_amount_that_is_no_JSON_number_makes_the_text_malformed(string amount) =>
        (await engine.PostAsync(Tx.With("amount", amount))).Problem(400, "malformed");

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0", "0")]
    [InlineData("0.0000", "0")]
    [InlineData("0.0001", "0.0001")]
    [InlineData("1e2", "100")]
    [InlineData("1E+2", "100")]
    [InlineData("12345e-4", "1.2345")]
    [InlineData("5.00", "5")]
    [InlineData("0.1", "0.1")]
    [InlineData("999999999999.9999", "999999999999.9999")]
    [InlineData("999999999999", "999999999999")]
    public async Task An_amount_is_kept_exactly(string amount, string kept)
    {
        var account = Tx.NewAccount();
        Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.Json(account, "t", ("amount", amount)))).Status);
        var journal = (await engine.GetAsync($"/v1/accounts/{account}/transactions")).Json;
        Assert.Equal(kept, journal.GetProperty("transactions")[0].GetProperty("amount").GetRawText());
    }

    [Theory]
    [InlineData("2026-06-01T10:00:00", "must have an offset from UTC, such as Z or +01:00")]
    [InlineData("2026-06-01T10:00:00.5", "must have an offset from UTC, such as Z or +01:00")]
    [InlineData("2026-02-29T10:00:00Z", "")]
    [InlineData("2026-13-01T10:00:00Z", "")]
    [InlineData("2026-00-01T10:00:00Z", "")]
    [InlineData("2026-06-31T10:00:00Z", "")]
    [InlineData("0000-01-01T00:00:00Z", "")]
    [InlineData("2026-06-01T24:00:00Z", "")]
    [InlineData("2026-06-01T10:60:00Z", "")]
    [InlineData("2026-06-01T10:00:61Z", "")]
    [InlineData("2026-06-01T10:00:00.Z", "")]
    [InlineData("2026-06-01T10:00:00+24:00", "")]
    [InlineData("2026-06-01T10:00:00+0100", "")]
    [InlineData("2026-06-01T10:00:00Zulu", "")]
    [InlineData("2026-06-01", "")]
    [InlineData("2026-06-01T10:00Z", "")]
    [InlineData("1780308000", "")]
    [InlineData("", "")]
    [InlineData("yesterday", "")]
    [InlineData("0001-01-01T00:00:00+00:01", "")]
    [InlineData("9999-12-31T23:59:60Z", "")]
    [InlineData("２026-06-01T10:00:00Z", "")]
    public async Task An_impossible_timestamp_is_refused(string timestamp, string problem) => Assert.Equal(
        $"timestamp {(problem.Length > 0 ? problem : "must be an RFC 3339 timestamp such as 2026-01-31T12:00:00Z")}",
        (await engine.PostAsync(Tx.With("timestamp", $"\"{timestamp}\""))).Errors());

    [Theory]
    [InlineData("2026-05-30T10:00:00Z", "2026-05-30T10:00:00Z")]
    [InlineData("2026-05-30t10:00:00z", "2026-05-30T10:00:00Z")]
    [InlineData("2026-05-30 10:00:00Z", "2026-05-30T10:00:00Z")]
    [InlineData("2026-05-30T10:00:00-00:00", "2026-05-30T10:00:00Z")]
    [InlineData("2026-05-30T10:00:00+14:00", "2026-05-29T20:00:00Z")]
    [InlineData("2026-05-30T10:00:00-23:59", "2026-05-31T09:59:00Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("2026-05-30T10:00:00.1234567Z", "2026-05-30T10:00:00.1234567Z")]
    [InlineData("2026-05-30T10:00:00.12345678999999999999999999999999999999Z", "2026-05-30T10:00:00.1234567Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    public async Task A_timestamp_is_kept_in_UTC(string timestamp, string kept)
    {
        var account = Tx.NewAccount();
        Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.Json(account, "t", ("timestamp", $"\"{timestamp}\"")))).Status);
        Assert.Equal(kept, (await engine.GetAsync($"/v1/accounts/{account}")).Json.GetProperty("newest").GetString());
    }

    [Theory]
    [InlineData("transactionId")]
    [InlineData("accountId")]
    [InlineData("merchantId")]
    [InlineData("terminalId")]
    [InlineData("deviceId")]
    [InlineData("counterpartyId")]
    public async Task An_id_has_1_to_64_printable_characters(string name)
    {
        (string Text, string Problem)[] table =
        [
            ("", "must not be empty"),
            (new string('x', 65), "must have at most 64 characters"),
            (string.Concat(Enumerable.Repeat("😀", 65)), "must have at most 64 characters"),
            (new string('é', 65), "must have at most 64 characters"),
            ("a\\u0000b", "must have printable characters only"),
            ("a\\nb", "must have printable characters only"),
            ("a\\u007fb", "must have printable characters only"),
            ("a\\u0085b", "must have printable characters only"),
            ("a\\u202eb", "must have printable characters only"),
            ("a\\u2028b", "must have printable characters only"),
            ("a\u007fb", "must have printable characters only"),
            ("a\\ud800b", "must be valid UTF-8"),
            ("a\\udc00\\ud800", "must be valid UTF-8"),
        ];
        foreach (var (text, problem) in table)
        {
            Assert.Equal($"{name} {problem}", (await engine.PostAsync(Tx.With(name, $"\"{text}\""))).Errors());
        }

        string[] right = [new string('x', 64), string.Concat(Enumerable.Repeat("😀", 64)), new string('é', 64), "a b", "\\u0041\\ud83d\\ude00", "a/b\\\\c\\\"d\\/e", "ಠ_ಠ"];
        foreach (var text in right)
        {
            Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.With(name, $"\"{text}\""))).Status);
        }
    }

    [Theory]
    [InlineData((byte)0xff)]
    [InlineData((byte)0xc3)]
    [InlineData((byte)0x80)]
    [InlineData((byte)0xed)]
    public async Task An_id_of_bytes_that_are_no_UTF8_is_refused(byte bad)
    {
        var body = Encoding.UTF8.GetBytes(Tx.With("merchantId", "\"a~b\""));
        body[Array.IndexOf(body, (byte)'~')] = bad;
        Assert.Equal("merchantId must be valid UTF-8", (await engine.PostAsync(body)).Errors());
    }

    [Fact]
    public async Task An_id_with_a_raw_control_character_is_malformed() =>
        (await engine.PostAsync(Tx.With("merchantId", "\"a\tb\""))).Problem(400, "malformed");

    [Theory]
    [InlineData("currency", "must be an ISO 4217 code: three capital letters, such as EUR", "eur|EU|EURO|E1R||ÉUR|\\u0000UR", "EUR|USD|\\u0045UR")]
    [InlineData("country", "must be an ISO 3166-1 alpha-2 code: two capital letters, such as BE", "be|BEL|B|1A||", "BE|US")]
    [InlineData("merchantCategory", "must be a merchant category code: four digits, such as 5411", "541|54111|54a1||-411", "5411|0000")]
    [InlineData("channel", "must be pos, online, atm or transfer", "POS|web|none|| pos", "pos|online|atm|transfer")]
    [InlineData(
        "ipAddress",
        "must be an IPv4 or IPv6 address",
        "1.2.3|1.2.3.4.5|256.1.1.1|1|0x7f.0.0.1|010.0.0.1|1.2.3.4:80|[::1]|[::1]:80|fe80::1%1|1.2.3.4 |::g|1.2.3.-4|:::|localhost",
        "1.2.3.4|0.0.0.0|255.255.255.255|::1|2001:db8::ff00:42:8329|::ffff:1.2.3.4|2001:DB8::1")]
    public async Task A_code_is_checked(string name, string problem, string wrong, string right)
    {
        foreach (var text in wrong.Split('|'))
        {
            var expected = name == "ipAddress" && text.Length == 0 ? "must not be empty" : problem;
            var reply = await engine.PostAsync(Tx.With(name, $"\"{text}\""));
            Assert.True(reply.Status == HttpStatusCode.BadRequest, $"{name} '{text}' was taken");
            Assert.Equal($"{name} {expected}", reply.Errors());
        }

        foreach (var text in right.Split('|'))
        {
            Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.With(name, $"\"{text}\""))).Status);
        }
    }

    [Theory]
    [InlineData("latitude", "90", "90.0000001|-90.1|1e2|1e400|91")]
    [InlineData("longitude", "180", "180.0000001|-180.1|1e3|1e400|181")]
    public async Task A_position_is_checked(string name, string most, string wrong)
    {
        foreach (var text in wrong.Split('|'))
        {
            Assert.Equal($"{name} must be a number of degrees from -{most} to {most}", (await engine.PostAsync(Tx.With(name, text))).Errors());
        }

        foreach (var text in (string[])[most, "-" + most, "0", "-0", "1e1", "50.8503396", "50.12345678901234567890"])
        {
            Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.With(name, text))).Status);
        }
    }

    [Fact]
    public async Task A_field_given_twice_is_refused()
    {
        foreach (var name in Texts.Concat(Numbers).Where(name => name is not ("ipAddress" or "channel")))
        {
            var value = name switch { "amount" or "latitude" or "longitude" => "1", "timestamp" => $"\"{Tx.Time}\"", "currency" => "\"EUR\"", "country" => "\"BE\"", "merchantCategory" => "\"5411\"", _ => "\"x\"" };
            var json = Tx.With(name, value);
            Assert.Equal($"{name} is given twice", (await engine.PostAsync($"{json[..^1]},\"{name}\":{value}}}")).Errors());
        }
    }

    [Fact]
    public async Task A_field_whose_name_is_escaped_is_the_same_field()
    {
        var json = Tx.With("note", "1");
        Assert.Equal("amount is given twice", (await engine.PostAsync(json.Replace("note", "\\u0061mount", StringComparison.Ordinal))).Errors());
    }

    [Theory]
    [InlineData("\"note\":\"x\"")]
    [InlineData("\"Amount\":-1")]
    [InlineData("\"\":null")]
    [InlineData("\"\\ud800aaaaaaaa\":1")]
    [InlineData("\"amoun\\ud800\":1")]
    [InlineData("\"note\":\"\\ud800\"")]
    [InlineData("\"note\":1e999999")]
    [InlineData("\"note\":{\"amount\":-1,\"accountId\":[]}")]
    public async Task A_field_that_the_contract_does_not_have_is_ignored(string field)
    {
        var account = Tx.NewAccount();
        var json = Tx.Json(account, "t");
        Assert.Equal(Tx.Approved(account, "t"), (await engine.PostAsync($"{{{field},{json[1..]}")).Body);
    }

    [Fact]
    public async Task A_field_that_is_ignored_may_nest_as_deep_as_it_likes()
    {
        const int depth = 8000;
        var reply = await engine.PostAsync(Tx.With("note", new string('[', depth) + new string(']', depth)));
        Assert.Equal(HttpStatusCode.OK, reply.Status);
    }

    [Fact]
    public async Task An_optional_field_that_is_null_is_as_if_it_were_not_given()
    {
        foreach (var name in Texts.Concat(Numbers).Skip(3).Where(name => name is not "amount"))
        {
            Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.With(name, "null"))).Status);
        }
    }
}

using System.Net;

namespace FraudEngine.Tests.Ingress;

/// <summary>Which fields a transaction has, and of which type.</summary>
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

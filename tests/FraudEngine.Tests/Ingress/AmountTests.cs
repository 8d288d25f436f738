using System.Net;

namespace FraudEngine.Tests.Ingress;

/// <summary>What an amount may be.</summary>
public sealed class AmountTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
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
}

using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Tests.Domain.Customers;

public sealed class AlertLinksTests
{
    private static readonly AlertId Alert = AlertId.Of("a"u8, "t"u8);
    private readonly AlertLinks _links = new(new byte[AlertLinks.KeyBytes]);

    [Fact]
    public void A_token_leads_to_its_alert()
    {
        var token = _links.Make(Alert, 42);
        Assert.True(_links.TryRead(token, out var alert, out var expires));
        Assert.Equal((AlertLinks.TokenCharacters, Alert, 42), (token.Length, alert, expires));
    }

    [Theory]
    [InlineData("!")]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData(" ")]
    [InlineData("    ")]
    [InlineData("%")]
    [InlineData("+")]
    [InlineData("\0")]
    [InlineData("é")]
    [InlineData("\ud83d\ude00")]
    public void What_is_no_token_is_refused_wherever_it_is_wrong(string wrong)
    {
        var token = _links.Make(Alert, 42);
        for (var at = 0; at + wrong.Length <= token.Length; at++)
        {
            Assert.False(_links.TryRead($"{token[..at]}{wrong}{token[(at + wrong.Length)..]}", out _, out _));
        }
    }

    [Fact]
    public void A_token_that_was_changed_anywhere_is_refused()
    {
        var token = _links.Make(Alert, 42);
        for (var at = 0; at < token.Length; at++)
        {
            Assert.False(_links.TryRead($"{token[..at]}{(token[at] == 'A' ? 'B' : 'A')}{token[(at + 1)..]}", out _, out _));
        }
    }
}

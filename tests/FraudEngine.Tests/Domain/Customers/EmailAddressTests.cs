using FraudEngine.Domain.Customers;

namespace FraudEngine.Tests.Domain.Customers;

public sealed class EmailAddressTests
{
    [Theory]
    [InlineData("a@b.be")]
    [InlineData("first.last+tag@mail.example.co.uk")]
    [InlineData("o'brien@example.com")]
    [InlineData("x_y-z@xn--bcher-kva.example")]
    public void An_address_is_taken(string text) => Assert.True(EmailAddress.IsOne(text));

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("@b.be")]
    [InlineData("a@b")]
    [InlineData("a@@b.be")]
    [InlineData("a@b.be@c.be")]
    [InlineData("a b@c.be")]
    [InlineData(" a@b.be")]
    [InlineData("a@b.be ")]
    [InlineData("a@b.be\r\nBcc: c@d.be")]
    [InlineData("a@b.be\n")]
    [InlineData("a\0@b.be")]
    [InlineData("A <a@b.be>")]
    [InlineData("<a@b.be>")]
    [InlineData("a@b.be,c@d.be")]
    [InlineData("a@b.be;c@d.be")]
    [InlineData("\"a b\"@c.be")]
    [InlineData("a@[127.0.0.1]")]
    [InlineData("a@-b.be")]
    [InlineData("a@b-.be")]
    [InlineData("a@b..be")]
    [InlineData("a@.b.be")]
    [InlineData("a@b.be.")]
    [InlineData(".a@b.be")]
    [InlineData("a.@b.be")]
    [InlineData("a..b@c.be")]
    [InlineData("ä@b.be")]
    [InlineData("a@bücher.example")]
    [InlineData("a@b.be\u2028")]
    [InlineData("a@b.be?subject=x")]
    public void Anything_else_is_not(string text) => Assert.False(EmailAddress.IsOne(text));

    [Fact]
    public void It_has_at_most_254_characters_and_64_before_the_at()
    {
        string Domain(int characters) => string.Concat(Enumerable.Repeat("abcdefghi.", characters / 10)) + new string('x', characters % 10);
        Assert.True(EmailAddress.IsOne($"{new string('a', 64)}@{Domain(189)}"));
        Assert.False(EmailAddress.IsOne($"{new string('a', 64)}@{Domain(191)}"));
        Assert.False(EmailAddress.IsOne($"{new string('a', 65)}@{Domain(18)}"));
        Assert.False(EmailAddress.IsOne($"a@{new string('b', 64)}.be"));
        Assert.False(EmailAddress.IsOne(new string('@', 1 << 20)));
    }
}

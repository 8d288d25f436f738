using FraudEngine.Rules.Syntax;

namespace FraudEngine.Tests.Rules;

public class EscapeTests
{
    [Theory]
    [InlineData("\"plain\"", "plain")]
    [InlineData("''", "")]
    [InlineData("\"it's\"", "it's")]
    [InlineData("'say \"x\"'", "say \"x\"")]
    [InlineData("\"\\a\\b\\f\\n\\r\\t\\v\"", "\a\b\f\n\r\t\v")]
    [InlineData("\"\\\\ \\? \\\" \\' \\`\"", "\\ ? \" ' `")]
    [InlineData("\"\\x41\\X42\\101\\377\"", "ABAÿ")]
    [InlineData("\"\\u00e9\\U0001F600\"", "é😀")]
    public void Escapes_are_those_of_CEL(string literal, string value) =>
        Assert.Equal(value, Assert.IsType<TextLiteral>(Parser.Parse(literal)).Value);

    [Theory]
    [InlineData("\"\\", 0)]
    [InlineData("\"\\\"", 0)]
    [InlineData("'a\nb'", 0)]
    [InlineData("\"ab\\c\"", 3)]
    [InlineData("\"\\x4\"", 1)]
    [InlineData("\"\\400\"", 1)]
    [InlineData("\"\\U00110000\"", 1)]
    [InlineData("\"\\UFFFFFFFF\"", 1)]
    public void Others_are_refused_at_their_place(string literal, int start) =>
        Assert.Equal(start, Assert.Throws<ExpressionException>(() => Parser.Parse(literal)).Place.Start);
}

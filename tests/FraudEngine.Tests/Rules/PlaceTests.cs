using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>Places inside every kind of YAML scalar. The name <c>wrong</c> in a condition is where the error must be.</summary>
public class PlaceTests
{
    [Theory]
    [InlineData("when: wrong > 1")]
    [InlineData("when: amount > 1 && wrong > 1  # a comment")]
    [InlineData("when: 'wrong > 1'")]
    [InlineData("when: 'country == ''BE'' && wrong > 1'")]
    [InlineData("when: \"country == \\\"BE\\\" && wrong > 1\"")]
    [InlineData("when: \"country == \\x22BE\\u0022 && wrong > 1\"")]
    [InlineData("when: \"amount\\t>\\n1 && wrong > 1\"")]
    [InlineData("when: \"merchantId == '\\U0001F600' && wrong > 1\"")]
    [InlineData("when: merchantId == '😀' && wrong > 1")]
    [InlineData("when:   wrong > 1")]
    [InlineData("when:\n      wrong > 1")]
    [InlineData("when: amount > 1\n      && wrong > 1")]
    [InlineData("when: amount > 1\n\n\n        && amount < 2   \n      && wrong > 1")]
    [InlineData("when: 'amount > 1\n\n      && wrong > 1'")]
    [InlineData("when: \"amount > 1\n      && wrong > 1\"")]
    [InlineData("when: \"amount > 1\\\n      \\ && wrong > 1\"")]
    [InlineData("when: |\n      wrong > 1")]
    [InlineData("when: |\n      amount > 1\n        && wrong > 1\n")]
    [InlineData("when: |-\n      amount > 1 // wrong place\n\n      && wrong > 1\n\n")]
    [InlineData("when: |2+ # a comment\n        amount > 1 &&\n      wrong > 1\n\n")]
    [InlineData("when: >\n      amount > 1\n      && wrong > 1\n")]
    [InlineData("when: >-\n      amount > 1\n        && amount < 2\n\n      && wrong > 1\n")]
    public void An_error_stands_where_the_file_has_it(string when)
    {
        foreach (var lineBreak in new[] { "\n", "\r\n" })
        {
            var yaml = $"name: test\nversion: 1\nthresholds: {{ review: 0.5, decline: 0.8 }}\nrules:\n  - id: r\n    {when}\n    score: 0.4\n    text: A reason\n"
                .Replace("\n", lineBreak, StringComparison.Ordinal);
            var exception = Assert.Throws<RuleSetException>(() => RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default));
            var error = Assert.Single(exception.Errors);
            Assert.Equal("there is no field 'wrong'", error.Message);
            Assert.Equal("wrong > 1", error.SourceLine[(error.Column - 1)..Math.Min(error.SourceLine.Length, error.Column + 8)]);
            Assert.Equal(error.SourceLine, yaml.Split(lineBreak)[error.Line - 1]);
        }
    }

    [Theory]
    [InlineData("when: amount >", 6, 19)]
    [InlineData("when: amount >   # a comment", 6, 19)]
    [InlineData("when: 'amount > '", 6, 20)]
    [InlineData("when: |\n      amount >\n", 7, 15)]
    [InlineData("when: |\n      (amount\n      > 1\n\n", 8, 10)]
    public void What_is_missing_is_missing_behind_the_last_character(string when, int line, int column)
    {
        var yaml = $"name: test\nversion: 1\nthresholds: {{ review: 0.5, decline: 0.8 }}\nrules:\n  - id: r\n    {when}\n    score: 0.4\n    text: A reason\n";
        var exception = Assert.Throws<RuleSetException>(() => RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default));
        var error = Assert.Single(exception.Errors);
        Assert.Equal((line, column), (error.Line, error.Column));
    }
}

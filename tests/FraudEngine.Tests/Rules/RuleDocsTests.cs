using System.Text.RegularExpressions;

namespace FraudEngine.Tests.Rules;

public partial class RuleDocsTests
{
    [Fact]
    public void Every_example_of_the_reference_compiles()
    {
        var examples = Example().Matches(ShippedRules.Read("docs/rules.md").ReplaceLineEndings("\n"));
        Assert.True(examples.Count >= 5);
        foreach (Match example in examples)
        {
            Assert.Single(Given.Set(example.Groups["when"].Value).Rules);
        }
    }

    [GeneratedRegex("^```rule\n(?<when>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}

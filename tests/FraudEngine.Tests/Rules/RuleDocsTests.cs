using System.Text.RegularExpressions;
using FraudEngine.Rules;
using FraudEngine.Windows;

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

    [Fact]
    public void Every_rule_file_of_the_reference_is_read()
    {
        var files = File().Matches(ShippedRules.Read("docs/rules.md").ReplaceLineEndings("\n"));
        Assert.NotEmpty(files);
        foreach (Match file in files)
        {
            Assert.NotEmpty(RuleSet.Parse(file.Groups["yaml"].Value, "rules.md", WindowSettings.Default).Rules);
        }
    }

    [GeneratedRegex("^```yaml\n(?<yaml>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex File();

    [GeneratedRegex("^```rule\n(?<when>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}

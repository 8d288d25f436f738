using System.Text.RegularExpressions;
using FraudEngine.Rules.Features;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules.Features;

public partial class ModelDocsTests
{
    [Fact]
    public void Every_file_and_every_feature_of_the_chapter_is_read()
    {
        var chapter = ShippedRules.Read("docs/model.md").ReplaceLineEndings("\n");
        var files = File().Matches(chapter);
        Assert.NotEmpty(files);
        Assert.All(files, static file => Assert.NotEmpty(FeatureSet.Parse(file.Groups["yaml"].Value, "model.md", WindowSettings.Default).Features));
        var features = Example().Matches(chapter);
        Assert.True(features.Count >= 5);
        Assert.All(features, static feature => FeatureSet.Parse(
            $"name: m\nversion: 1\ntrees: t.json\nscore: model\nfeatures:\n  - name: f\n    value: |\n      {feature.Groups["value"].Value}", "model.md", WindowSettings.Default));
    }

    [GeneratedRegex("^```yaml\n(?<yaml>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex File();

    [GeneratedRegex("^```feature\n(?<value>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}

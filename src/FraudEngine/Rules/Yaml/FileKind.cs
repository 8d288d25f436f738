namespace FraudEngine.Rules.Yaml;

/// <summary>The words in which messages speak of a file of rules or of a model.</summary>
/// <param name="Whole">What the file states: <c>a rule set</c>.</param>
/// <param name="Part">What it is made of: <c>rule</c>.</param>
/// <param name="Keys">The keys of the file, in words.</param>
internal sealed record FileKind(string Whole, string Part, string Keys)
{
    public const int CharactersMax = 4 * 1024 * 1024;

    public static FileKind Rules { get; } = new("a rule set", "rule", "name, version, thresholds and rules");

    public static FileKind Model { get; } = new("a model", "feature", "name, version, trees, score and features");

    /// <summary>The file's root; null, with the error noted, where it is none.</summary>
    public YamlMap? ReadRoot(SourceText source, FileErrors errors)
    {
        if (source.Text.Length > CharactersMax)
        {
            errors.Add(0, $"the file is longer than {CharactersMax} characters");
            return null;
        }

        var root = YamlFile.Read(source.Text, Keys, errors);
        if (root is not (null or YamlMap))
        {
            errors.Add(root.Start, $"expected a map with {Keys}");
        }

        return root as YamlMap;
    }
}

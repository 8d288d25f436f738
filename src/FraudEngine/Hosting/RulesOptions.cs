namespace FraudEngine.Hosting;

/// <summary>Which rules are in force.</summary>
public sealed class RulesOptions
{
    public const string Section = "Rules";

    /// <summary>The rule file; a relative path is looked up in the working directory, and then beside the program.</summary>
    public string Path { get; set; } = "config/rules.yaml";

    internal IEnumerable<string> Problems()
    {
        if (Find() is null)
        {
            yield return $"Rules:Path is '{Path}', but there is no such file in {Directory.GetCurrentDirectory()}.";
        }
    }

    internal string? Find() => Array.Find([Path, System.IO.Path.Combine(AppContext.BaseDirectory, Path)], File.Exists);
}

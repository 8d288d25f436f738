namespace FraudEngine.Hosting;

/// <summary>Which rules are in force.</summary>
public sealed class RulesOptions
{
    public const string Section = "Rules";

    private const string ListsPathDefault = "config/lists";

    /// <summary>The rule file; a relative path is looked up in the working directory, and then beside the program.</summary>
    public string Path { get; set; } = "config/rules.yaml";

    /// <summary>The folder of the named lists' files, looked up likewise; empty for none.</summary>
    public string ListsPath { get; set; } = ListsPathDefault;

    internal IEnumerable<string> Problems()
    {
        if (Find() is null)
        {
            yield return $"Rules:Path is '{Path}', but there is no such file in {Directory.GetCurrentDirectory()}.";
        }

        if (ListsPath is not ("" or ListsPathDefault) && FindLists() is null)
        {
            yield return $"Rules:ListsPath is '{ListsPath}', but there is no such folder in {Directory.GetCurrentDirectory()}.";
        }
    }

    /// <summary>Null where there is none.</summary>
    internal string? FindLists() =>
        ListsPath == "" ? null : Array.Find([System.IO.Path.GetFullPath(ListsPath), System.IO.Path.Combine(AppContext.BaseDirectory, ListsPath)], Directory.Exists);

    internal string? Find() => Array.Find([Path, System.IO.Path.Combine(AppContext.BaseDirectory, Path)], File.Exists);
}

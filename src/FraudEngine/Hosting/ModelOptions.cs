namespace FraudEngine.Hosting;

/// <summary>Which model scores beside the rules.</summary>
public sealed class ModelOptions
{
    public const string Section = "Model";

    /// <summary>The model's file; a relative path is looked up in the working directory, and then beside the program. Empty for no model.</summary>
    public string Path { get; set; } = "";

    internal IEnumerable<string> Problems()
    {
        if (Path != "" && Find() is null)
        {
            yield return $"Model:Path is '{Path}', but there is no such file in {Directory.GetCurrentDirectory()}.";
        }
    }

    /// <summary>Null where none is named, or there is none.</summary>
    internal string? Find() => Path == "" ? null : Array.Find([Path, System.IO.Path.Combine(AppContext.BaseDirectory, Path)], File.Exists);
}

namespace FraudEngine.Hosting;

/// <summary>Where the journal is.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary><c>Sqlite</c>.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>For Sqlite the directory of its files, or a file that ends in .db; also behind <c>Data Source=</c>.</summary>
    public string ConnectionString { get; set; } = "data";

    internal IEnumerable<string> Problems()
    {
        if (!Provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"Storage:Provider is '{Provider}', but must be Sqlite.";
        }

        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            yield return "Storage:ConnectionString is empty, but must be the directory for the data.";
        }
    }
}

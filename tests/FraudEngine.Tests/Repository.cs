namespace FraudEngine.Tests;

/// <summary>Finds the project's own files, and the data sets beside it where they are there.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The April file of the handbook's data; null where the data sets are not beside the project.</summary>
    public static string? HandbookApril
    {
        get
        {
            var path = Path.Combine(Root, "..", "shared", "data", "handbook", "transactions-2018-04.csv.gz");
            return File.Exists(path) ? path : null;
        }
    }

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Fraud.sln")))
            {
                return directory.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests do not run inside the project's folder.");
    }
}

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>The Fraud Detection Handbook's data, where it lies in a folder <c>shared</c> beside this repository.</summary>
internal static class HandbookFolder
{
    /// <summary>Null where it is not there.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data", "handbook");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        return null;
    }
}

using System.Runtime.CompilerServices;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>Files of the repository that hold rules.</summary>
internal static class ShippedRules
{
    public static RuleSet Default { get; } = RuleSet.Parse(Read("config/rules.yaml"), "config/rules.yaml", WindowSettings.Default);

    /// <summary>A file of the repository, by its path from the root.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root(), path));

    private static string Root([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "Fraud.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}

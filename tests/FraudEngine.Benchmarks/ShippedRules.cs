using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Benchmarks;

/// <summary>The rules of <c>config/rules.yaml</c>, which stands beside the program.</summary>
internal static class ShippedRules
{
    public static RuleSet Read() =>
        RuleSet.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "config", "rules.yaml")), "shipped", WindowSettings.Default);
}

using System.Globalization;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Yaml;

/// <summary>What a rule set or a model may cost each transaction, estimated from its text alone, so that every machine refuses the same sets.</summary>
internal static class CostLimits
{
    private const double UnitsPerMillisecond = 100_000;

    /// <summary>Notes the limits that are passed. To be called before the windows are planned.</summary>
    /// <param name="start">Of the file's root.</param>
    /// <param name="parts">The rules or features, by name, and what each costs.</param>
    public static void Check(FileKind kind, int start, IReadOnlyList<(string Name, double Cost)> parts, EntitySlots windows, FileErrors errors)
    {
        if (windows.Count > RuleSet.WindowsMax)
        {
            errors.Add(start, $"{kind.Whole} has at most {RuleSet.WindowsMax} different windows, but this has {windows.Count}; use the same lengths and conditions in several {kind.Part}s");
        }

        var kept = windows.FilterCost + (windows.Count * (double)Costs.Window);
        var cost = kept + parts.Sum(static part => part.Cost);
        if (cost <= RuleSet.CostMax)
        {
            return;
        }

        var costliest = parts.MaxBy(static part => part.Cost);
        errors.Add(
            start,
            $"these {kind.Part}s could take {Milliseconds(cost)} a transaction, but at most {Milliseconds(RuleSet.CostMax)} are allowed: {Milliseconds(kept)} for windows and their conditions"
            + (parts.Count == 0 ? "" : $", {Milliseconds(costliest.Cost)} for the costliest {kind.Part}, '{costliest.Name}'")
            + "; shorten what repeats: patterns, divisions, lists inside lists");
    }

    private static string Milliseconds(double cost) => cost / UnitsPerMillisecond is var milliseconds && milliseconds < 1e6
        ? $"{milliseconds.ToString("0.##", CultureInfo.InvariantCulture)} ms"
        : "more than 1000 s";
}

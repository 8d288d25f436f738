using System.Collections.Immutable;
using System.Globalization;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Rules.Yaml;

/// <summary>What a rule set may cost each transaction, estimated from its text alone, so that every machine refuses the same sets.</summary>
internal static class RuleLimits
{
    private const double UnitsPerMillisecond = 100_000;

    /// <summary>Notes the limits that are passed. To be called before the windows are planned.</summary>
    /// <param name="start">Of the file's root.</param>
    public static void Check(int start, ImmutableArray<Rule> rules, EntitySlots windows, FileErrors errors)
    {
        if (windows.Count > RuleSet.WindowsMax)
        {
            errors.Add(start, $"a rule set has at most {RuleSet.WindowsMax} different windows, but this has {windows.Count}; use the same lengths and conditions in several rules");
        }

        var kept = windows.FilterCost + (windows.Count * (double)Costs.Window);
        var cost = kept + rules.Sum(static rule => rule.Cost);
        if (cost <= RuleSet.CostMax)
        {
            return;
        }

        var costliest = rules.MaxBy(static rule => rule.Cost);
        errors.Add(
            start,
            $"these rules could take {Milliseconds(cost)} a transaction, but at most {Milliseconds(RuleSet.CostMax)} are allowed: {Milliseconds(kept)} for windows and their conditions"
            + (costliest is null ? "" : $", {Milliseconds(costliest.Cost)} for the costliest rule, '{costliest.Id}'")
            + "; shorten what repeats: patterns, divisions, lists inside lists");
    }

    private static string Milliseconds(double cost) => cost / UnitsPerMillisecond is var milliseconds && milliseconds < 1e6
        ? $"{milliseconds.ToString("0.##", CultureInfo.InvariantCulture)} ms"
        : "more than 1000 s";
}

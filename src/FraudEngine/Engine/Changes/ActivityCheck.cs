using FraudEngine.Domain.Customers;
using FraudEngine.Rules;
using FraudEngine.Rules.Compilation;

namespace FraudEngine.Engine.Changes;

/// <summary>Whether what a customer chooses fits the activity rules in force.</summary>
public static class ActivityCheck
{
    /// <summary>What is wrong, in words, and whether it is with the id; null where nothing is.</summary>
    public static (bool IsOfId, string Problem)? Find(RuleSet rules, ChosenActivity chosen)
    {
        var at = rules.FindActivity(chosen.Id);
        if (at < 0)
        {
            return (true, $"is not known{Hint(rules, chosen.Id)}");
        }

        var problem = rules.Activity[at].Takes switch
        {
            ActivityChoice.None => chosen.Number is null && chosen.Text is null ? null : "must not be given: this alert takes nothing",
            ActivityChoice.Number => chosen.Number is null ? "must be a number" : null,
            ActivityChoice.Text => chosen.Text is null ? "must be a string" : null,
        };
        return problem is null ? null : (false, problem);
    }

    private static string Hint(RuleSet rules, string id)
    {
        var ids = rules.Activity.Select(static rule => rule.Id).ToList();
        return ids.Count == 0 ? ": the rules in force have no activity alerts"
            : NearestName.Hint(id, ids) is { Length: > 0 } hint ? hint
            : $"; there are {string.Join(", ", ids)}";
    }
}

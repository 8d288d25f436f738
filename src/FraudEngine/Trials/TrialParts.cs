using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>A candidate's rules and the model that was given with them, checked.</summary>
/// <param name="Model">Null where none was given.</param>
internal sealed record TrialParts(RuleSet Rules, ScoringModel? Model)
{
    /// <summary>Checks them; where something is wrong, says what, and there are none.</summary>
    /// <param name="fileName">How errors name the rules.</param>
    public static TrialRefusal? TryLoad(
        string rules, string fileName, ModelChoice model, WindowSettings windows, IReadOnlySet<EntityKind>? entities, out TrialParts? parts)
    {
        parts = null;
        RuleSet candidate;
        try
        {
            candidate = RuleSet.Parse(rules, fileName, windows, entities: entities);
        }
        catch (RuleSetException wrong)
        {
            return TrialRefusal.OfRules(wrong);
        }

        try
        {
            parts = new TrialParts(candidate, model.Load(windows, entities));
            return null;
        }
        catch (RuleSetException wrong)
        {
            return TrialRefusal.OfModel(wrong);
        }
        catch (InvalidDataException wrong)
        {
            return TrialRefusal.OfTrees(wrong);
        }
    }
}

using FraudEngine.Rules;

namespace FraudEngine.Trials;

/// <summary>Why something can't be tried.</summary>
/// <param name="Errors">Of the rules, or of the model's file, with their places; none where it is something else.</param>
/// <param name="IsOfModel">Whether it is the model that can't be tried.</param>
/// <param name="Detail">In a sentence.</param>
public sealed record TrialRefusal(IReadOnlyList<RuleError> Errors, bool IsOfModel, string Detail)
{
    internal static TrialRefusal OfRules(RuleSetException wrong) => new(wrong.Errors, false, wrong.Message);

    internal static TrialRefusal OfModel(RuleSetException wrong) => new(wrong.Errors, true, wrong.Message);

    internal static TrialRefusal OfTrees(InvalidDataException wrong) => new([], true, wrong.Message);
}

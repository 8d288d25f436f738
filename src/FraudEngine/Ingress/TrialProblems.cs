using FraudEngine.Trials;

namespace FraudEngine.Ingress;

/// <summary>Answers that rules or a model can't be tried.</summary>
internal static class TrialProblems
{
    public static Task Write(HttpContext context, TrialRefusal refusal)
    {
        var errors = refusal.Errors.Select(static error => (error.Line, error.Column, error.Message, error.SourceLine));
        return !refusal.IsOfModel ? RuleProblems.Write(context, errors)
            : refusal.Errors.Count > 0 ? RuleProblems.WriteOfModel(context, errors)
            : ProblemResponse.Write(context, ModelProblems.Unusable(refusal.Detail));
    }
}

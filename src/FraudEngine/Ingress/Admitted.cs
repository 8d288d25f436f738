using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>Requests that an account answers: each enters the admission, and leaves it when it is answered.</summary>
internal static class Admitted
{
    /// <summary>Whether there was room; where there was none, that is answered.</summary>
    public static async Task<bool> EnterAsync(HttpContext context, DecisionEngine engine, TimeSpan waitMax)
    {
        if (engine.Admission.TryEnter() || await engine.Admission.EnterAsync(waitMax, context.RequestAborted))
        {
            return true;
        }

        await ProblemResponse.Write(context, Problem.Overloaded);
        return false;
    }
}

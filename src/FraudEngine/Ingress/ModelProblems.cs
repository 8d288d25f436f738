namespace FraudEngine.Ingress;

/// <summary>Why a model is refused whose configuration has no error.</summary>
internal static class ModelProblems
{
    /// <param name="detail">What is wrong with its trees.</param>
    public static Problem Unusable(string detail) => new(400, "invalid-trees", "Invalid trees", detail);
}

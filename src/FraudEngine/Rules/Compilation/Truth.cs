namespace FraudEngine.Rules.Compilation;

/// <summary>What a condition came to. Missing: a field that it needs is not given. Error: it can't be computed.</summary>
internal enum Truth : byte
{
    None,
    False,
    True,
    Missing,
    Error,
}

internal static class Truths
{
    public static Truth Of(bool value) => value ? Truth.True : Truth.False;

    /// <summary>The truth of a condition whose operands don't all have a value.</summary>
    public static Truth Without(ValueStatus status) => status == ValueStatus.Missing ? Truth.Missing : Truth.Error;

    /// <summary>Whether a condition has a value.</summary>
    public static ValueStatus StatusOf(Truth truth) => truth switch
    {
        Truth.True or Truth.False => ValueStatus.Ok,
        Truth.Missing => ValueStatus.Missing,
        Truth.None or Truth.Error => ValueStatus.Error,
    };

    public static Truth Negate(Truth truth) => truth switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        _ => truth,
    };
}

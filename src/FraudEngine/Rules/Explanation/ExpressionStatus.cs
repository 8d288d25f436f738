namespace FraudEngine.Rules.Explanation;

/// <summary>Whether a part of a condition has a value.</summary>
public enum ExpressionStatus : byte
{
    None,
    Ok,

    /// <summary>Something that it needs is not there: a field of the transaction, an earlier transaction.</summary>
    Missing,

    /// <summary>It can't be computed.</summary>
    Error,
}

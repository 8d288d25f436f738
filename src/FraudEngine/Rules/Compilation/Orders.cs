namespace FraudEngine.Rules.Compilation;

/// <summary>
/// A comparison operator as a type, so that the JIT compiles a body per operator.
/// <c>order</c> is what CompareTo gives: negative, zero or positive.
/// </summary>
internal interface IOrder
{
    static abstract bool Holds(int order);
}

internal readonly struct Equal : IOrder
{
    public static bool Holds(int order) => order == 0;
}

internal readonly struct NotEqual : IOrder
{
    public static bool Holds(int order) => order != 0;
}

internal readonly struct Less : IOrder
{
    public static bool Holds(int order) => order < 0;
}

internal readonly struct LessOrEqual : IOrder
{
    public static bool Holds(int order) => order <= 0;
}

internal readonly struct Greater : IOrder
{
    public static bool Holds(int order) => order > 0;
}

internal readonly struct GreaterOrEqual : IOrder
{
    public static bool Holds(int order) => order >= 0;
}

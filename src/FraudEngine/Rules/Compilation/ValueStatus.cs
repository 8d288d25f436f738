using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>Whether an operand has a value. Of two operands the greater status counts, so Error goes before Missing.</summary>
internal enum ValueStatus : byte
{
    None,
    Ok,
    Missing,
    Error,
}

internal static class ValueStatuses
{
    public static ValueStatus Worse(ValueStatus left, ValueStatus right) => left > right ? left : right;

    public static ValueStatus Of(WindowStatus status) => status switch
    {
        WindowStatus.Ok => ValueStatus.Ok,
        WindowStatus.Missing => ValueStatus.Missing,
        WindowStatus.None or WindowStatus.Forgotten or WindowStatus.Unanswered => ValueStatus.Error,
    };
}

using System.Collections.Immutable;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Takes the delay from the arguments of a window function: <c>delay 7d</c>, the last of them.</summary>
internal static class DelayReader
{
    public const string Misplaced = "a delay stands only in window functions, as their last argument, as in count(account, 7d, delay 7d)";

    /// <param name="refusal">Why the function takes no delay; null where it takes one.</param>
    /// <param name="arguments">The others.</param>
    /// <returns>False, with the problem noted, where something is wrong with the delay.</returns>
    public static bool TryTake(Call call, string? refusal, ExpressionCompiler compiler, out ImmutableArray<Expression> arguments, out long ticks)
    {
        ticks = 0;
        arguments = call.Arguments.RemoveAll(IsDelay);
        if (arguments.Length == call.Arguments.Length)
        {
            return true;
        }

        var delays = call.Arguments.Where(IsDelay).ToArray();
        var problem = refusal
            ?? (delays.Length > 1 ? "a window has one delay" : !IsDelay(call.Arguments[^1]) ? "the delay stands last, as in count(account, 7d, delay 7d)" : null);
        if (problem is null)
        {
            return delays[0] is Delay delay ? WindowCalls.TryReadDelay(delay.Length, compiler, out ticks) : RejectNegative((Arithmetic)delays[0], compiler);
        }

        compiler.Problems.Add(delays[^1].Place, problem);
        return false;
    }

    /// <summary>A delay, or what <c>delay -7d</c> is to the parser: a subtraction from a field that there is not.</summary>
    private static bool IsDelay(Expression argument) =>
        argument is Delay or Arithmetic { Operator: ArithmeticOperator.Subtract, Left: Name { Text: Delay.Keyword }, Right: DurationLiteral };

    private static bool RejectNegative(Arithmetic delay, ExpressionCompiler compiler)
    {
        compiler.Problems.Add(delay.Right.Place, "the delay must not be negative");
        return false;
    }
}

using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary><c>timestamp("2026-03-04T12:00:00Z")</c> and <c>duration("1h30m")</c>: values that are known when the file is read.</summary>
internal static class LiteralCalls
{
    private const string DurationForm = "duration takes a text of numbers with the units h, m, s, ms, us or ns, at most 36500 days and a multiple of 100ns, as in duration(\"1h30m\")";

    public static Operand? Timestamp(Call call, ExpressionCompiler compiler)
    {
        const string form = "timestamp takes a text with date, time and offset (RFC 3339), as in timestamp(\"2026-03-04T12:00:00Z\")";
        if (Literal(call, form, compiler) is not { } literal)
        {
            return null;
        }

        return TimestampText.Read(Encoding.UTF8.GetBytes(literal), out var ticks) == FieldProblem.None
            ? TicksOperand.Fixed(ValueType.Timestamp, call.Place, ticks)
            : compiler.Problems.Reject(call.Arguments[0].Place, $"{form}, but found '{Excerpt.Of(literal)}'");
    }

    public static Operand? Duration(Call call, ExpressionCompiler compiler)
    {
        if (Literal(call, DurationForm, compiler) is not { } literal)
        {
            return null;
        }

        return DurationText.TryRead(literal, out var ticks)
            ? TicksOperand.Fixed(ValueType.Duration, call.Place, ticks)
            : compiler.Problems.Reject(call.Arguments[0].Place, $"{DurationForm}, but found '{Excerpt.Of(literal)}'");
    }

    /// <summary>Whether it is a duration that is known: <c>90m</c>, or <c>duration("1h30m")</c>.</summary>
    public static bool IsDuration(Expression expression) =>
        expression is DurationLiteral or Call { Target: null, Function.Text: "duration" };

    private static string? Literal(Call call, string form, ExpressionCompiler compiler)
    {
        if (call.Arguments is [TextLiteral literal])
        {
            return literal.Value;
        }

        compiler.Problems.Add(call.Place, form);
        return null;
    }
}

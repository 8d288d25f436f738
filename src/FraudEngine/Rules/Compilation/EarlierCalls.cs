using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// What lies between the present transaction and an earlier one: <c>since(account.country == "FR")</c>, <c>distance_km(account.last)</c>,
/// <c>speed_kmh(account.last)</c>. A length as second argument says how far back to look.
/// </summary>
internal static class EarlierCalls
{
    private const string Last = "last";

    public static Operand? Since(Call call, ExpressionCompiler compiler)
    {
        if (!TryReadLength(call, $"an entity or a condition on its transactions, as in since(account.country == \"FR\")", compiler, out var ticks))
        {
            return null;
        }

        var argument = call.Arguments[0];
        var slots = compiler.Scope.Entity;
        EventFilter? filter = null;
        if (argument is Name name && compiler.Scope.FindEntity(name.Text) is { } entity)
        {
            slots = entity;
        }
        else if (!FilterCompiler.TryCompile(argument, slots, compiler, out filter))
        {
            return null;
        }

        var seconds = ((NumberOperand)WindowCalls.Read(call.Place, new WindowSpec(WindowFunction.Since, TransactionField.None, ticks, filter), slots)).Eval;
        ValueStatus Eval(RuleEvaluation evaluation, out long duration)
        {
            var status = seconds(evaluation, out var value);
            duration = (long)(value * TimeSpan.TicksPerSecond);
            return status;
        }

        return new TicksOperand(ValueType.Duration, call.Place, Costs.Window, Eval);
    }

    public static Operand? Distance(Call call, ExpressionCompiler compiler) => FromLast(call, WindowFunction.Distance, compiler);

    public static Operand? Speed(Call call, ExpressionCompiler compiler) => FromLast(call, WindowFunction.Speed, compiler);

    private static Operand? FromLast(Call call, WindowFunction function, ExpressionCompiler compiler)
    {
        var kind = compiler.Scope.Entity.Kind;
        var form = $"{kind}.{Last}, as in {call.Function.Text}({kind}.{Last})";
        if (!TryReadLength(call, form, compiler, out var ticks))
        {
            return null;
        }

        return call.Arguments[0] is Member { Of: Name entity, Part.Text: Last } && compiler.Scope.FindEntity(entity.Text) is { } slots
            ? WindowCalls.Read(call.Place, new WindowSpec(function, TransactionField.None, ticks), slots)
            : compiler.Problems.Reject(call.Arguments[0].Place, $"{call.Function.Text} takes {form}");
    }

    private static bool TryReadLength(Call call, string form, ExpressionCompiler compiler, out long ticks)
    {
        ticks = compiler.Scope.Entity.HorizonTicks;
        if (compiler.Scope.IsFilter)
        {
            compiler.Problems.Add(call.Place, FilterCompiler.NoWindows(call.Function.Text));
            return false;
        }

        if (call.Arguments.Length is < 1 or > 2)
        {
            compiler.Problems.Add(call.Place, $"{call.Function.Text} takes {form}, and a length where not the whole horizon counts");
            return false;
        }

        return call.Arguments.Length == 1 || WindowCalls.TryReadLength(call.Arguments[1], compiler, out ticks);
    }
}

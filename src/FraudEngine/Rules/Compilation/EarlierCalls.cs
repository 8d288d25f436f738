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
    public const string Last = "last";

    private const string SinceForm = "an entity or a condition on its transactions, as in since(account.country == \"FR\")";

    public static Operand? Since(Call call, ExpressionCompiler compiler)
    {
        if (!call.Arguments.IsEmpty && LabelCalls.IsFraud(call.Arguments[0]))
        {
            return LabelCalls.Compile(call, WindowFunction.SinceFraud, compiler);
        }

        if (compiler.Scope.IsFilter)
        {
            return compiler.Problems.Reject(call.Place, FilterCompiler.NoWindows(call.Function.Text));
        }

        var isRead = DelayReader.TryTake(call, null, compiler, out var arguments, out var delay);
        var isEntity = !arguments.IsEmpty && EntityNames.KindOf(arguments[0]) != EntityKind.None;
        if (arguments.Length < 1 || arguments.Length > (isEntity ? 3 : 2))
        {
            return RejectCount(call, SinceForm, compiler);
        }

        // A condition names its entity, or means the account.
        var kind = EntityNames.FirstIn(arguments[0]) is var named and not EntityKind.None ? named : EntityKind.Account;
        if (!EntityNames.IsConfigured(kind, arguments[0].Place, compiler))
        {
            return null;
        }

        var slots = compiler.Scope.Entities[kind];
        var length = slots.HorizonTicks;
        EventFilter? filter = null;
        if (isEntity)
        {
            isRead &= WindowCalls.TryReadRest(arguments.AsSpan()[1..], needsLength: false, slots, compiler, out length, out filter);
        }
        else
        {
            isRead &= arguments.Length == 1 || WindowCalls.TryReadLength(arguments[1], compiler, out length);
            isRead &= FilterCompiler.TryCompile(arguments[0], slots, compiler, out filter);
        }

        return isRead
            ? WindowCalls.Duration((NumberOperand)WindowCalls.Read(call.Place, new WindowSpec(WindowFunction.Since, TransactionField.None, length, filter, delay), slots))
            : null;
    }

    public static Operand? Distance(Call call, ExpressionCompiler compiler) => FromLast(call, WindowFunction.Distance, compiler);

    public static Operand? Speed(Call call, ExpressionCompiler compiler) => FromLast(call, WindowFunction.Speed, compiler);

    private static Operand? FromLast(Call call, WindowFunction function, ExpressionCompiler compiler)
    {
        var (name, problems) = (call.Function.Text, compiler.Problems);
        if (compiler.Scope.IsFilter)
        {
            return problems.Reject(call.Place, FilterCompiler.NoWindows(name));
        }

        const string form = "the last position of an entity";
        var example = $"as in {name}({WindowText.Account}.{Last})";
        var isRead = DelayReader.TryTake(call, $"{name} takes no delay: it looks at the newest earlier position", compiler, out var arguments, out _);
        if (arguments.Length is < 1 or > 2)
        {
            return RejectCount(call, $"{form}, {example}", compiler);
        }

        var of = arguments[0] is Member { Of: Name named, Part.Text: Last } ? named : arguments[0];
        var slots = of is Name && of != arguments[0]
            ? EntityNames.Find(of, arguments[0].Place, $"{name} takes {form}, {example}", compiler)
            : null;
        if (of == arguments[0])
        {
            problems.Add(arguments[0].Place, $"{name} takes {form}, {example}");
        }

        var length = compiler.Scope.Entities[EntityKind.Account].HorizonTicks;
        isRead &= arguments.Length == 1 || WindowCalls.TryReadLength(arguments[1], compiler, out length);
        return slots is null || !isRead ? null : WindowCalls.Read(call.Place, new WindowSpec(function, TransactionField.None, length), slots);
    }

    private static Operand? RejectCount(Call call, string form, ExpressionCompiler compiler) =>
        compiler.Problems.Reject(call.Place, $"{call.Function.Text} takes {form}, and a length where not the whole horizon counts");
}

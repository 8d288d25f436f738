using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Window functions over what transactions turned out to be: <c>rate(terminal.fraud, 7d, delay 7d)</c>, <c>count(terminal.fraud, 30d)</c>,
/// <c>since(terminal.fraud)</c> and <c>since_first(terminal.fraud)</c>.
/// </summary>
internal static class LabelCalls
{
    /// <summary>Stands for a field of an entity's transactions, in these functions only.</summary>
    public const string Fraud = "fraud";

    public const string Misplaced = "fraud is no field of a transaction: what is known of earlier ones is asked by rate, count, since and since_first, as in rate(account.fraud, 30d, delay 7d)";

    public static bool IsFraud(Expression argument) => argument is Member { Of: Name, Part.Text: Fraud };

    public static Operand? Rate(Call call, ExpressionCompiler compiler) => Compile(call, WindowFunction.Rate, compiler);

    public static Operand? SinceFirst(Call call, ExpressionCompiler compiler) => Compile(call, WindowFunction.SinceFirstFraud, compiler);

    public static Operand? Compile(Call call, WindowFunction function, ExpressionCompiler compiler)
    {
        var (name, problems) = (call.Function.Text, compiler.Problems);
        if (compiler.Scope.IsFilter)
        {
            return problems.Reject(call.Place, FilterCompiler.NoWindows(name));
        }

        var isDuration = function is WindowFunction.SinceFraud or WindowFunction.SinceFirstFraud;
        var isRead = DelayReader.TryTake(call, null, compiler, out var arguments, out var delay);
        var form = $"{name} takes the frauds of an entity";
        var example = $"as in {name}(account.{Fraud}, 30d, delay 7d)";
        if (arguments.Length < (isDuration ? 1 : 2) || arguments.Length > 3)
        {
            return problems.Reject(call.Place, $"{form}, a length and, where not all transactions count, a condition on them, {example}");
        }

        var slots = IsFraud(arguments[0])
            ? EntityNames.Find(((Member)arguments[0]).Of, arguments[0].Place, $"{form}, {example}", compiler)
            : null;
        if (!IsFraud(arguments[0]))
        {
            problems.Add(arguments[0].Place, $"{form}, {example}");
        }

        isRead &= WindowCalls.TryReadRest(arguments.AsSpan()[1..], !isDuration, slots, compiler, out var length, out var filter);
        if (slots is null || !isRead)
        {
            return null;
        }

        var operand = WindowCalls.Read(call.Place, new WindowSpec(function, TransactionField.None, length, filter, delay), slots);
        return isDuration ? WindowCalls.Duration((NumberOperand)operand) : operand;
    }
}

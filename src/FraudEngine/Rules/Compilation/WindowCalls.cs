using System.Collections.Frozen;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Window functions over an entity: <c>count(account, 1h)</c>, <c>avg(account.amount, 30d)</c>, <c>last(account.country)</c> and their like, each with a filter
/// as its last argument where not all transactions count: <c>count(account, 1d, channel == "online")</c>.
/// </summary>
internal static class WindowCalls
{
    private static readonly FrozenDictionary<string, WindowFunction> ByName = new Dictionary<string, WindowFunction>
    {
        ["count"] = WindowFunction.Count,
        ["sum"] = WindowFunction.Sum,
        ["avg"] = WindowFunction.Avg,
        ["min"] = WindowFunction.Min,
        ["max"] = WindowFunction.Max,
        ["stddev"] = WindowFunction.Stddev,
        ["distinct"] = WindowFunction.Distinct,
        ["last"] = WindowFunction.Last,
        ["first"] = WindowFunction.First,
    }.ToFrozenDictionary();

    private static readonly TransactionField[] Texts =
    [
        TransactionField.MerchantId, TransactionField.TerminalId, TransactionField.DeviceId, TransactionField.CounterpartyId,
        TransactionField.IpAddress, TransactionField.Currency, TransactionField.Country, TransactionField.MerchantCategory, TransactionField.Channel,
    ];

    public static IEnumerable<string> Names => ByName.Keys;

    public static Operand? Compile(Call call, ExpressionCompiler compiler)
    {
        var (name, problems) = (call.Function.Text, compiler.Problems);
        if (compiler.Scope.IsFilter)
        {
            return problems.Reject(call.Place, FilterCompiler.NoWindows(name));
        }

        var function = ByName[name];
        var needsLength = function is not (WindowFunction.Last or WindowFunction.First);
        if (call.Arguments.Length < (needsLength ? 2 : 1) || call.Arguments.Length > 3)
        {
            var kind = compiler.Scope.Entity.Kind;
            return problems.Reject(
                call.Place,
                $"{name} takes {(function == WindowFunction.Count ? kind : $"a field of {kind}")}, a length and, where not all transactions count, a condition on them, as in {Example(name, function, kind)}");
        }

        var slots = ReadEntity(function, name, call.Arguments[0], compiler, out var field);
        var arguments = call.Arguments.AsSpan()[1..];
        var hasLength = arguments.Length == 2 || (arguments.Length == 1 && (needsLength || LiteralCalls.IsDuration(arguments[0]) || arguments[0] is NumberLiteral));
        var ticks = compiler.Scope.Entity.HorizonTicks;
        var isRead = !hasLength || TryReadLength(arguments[0], compiler, out ticks);
        EventFilter? filter = null;
        if (arguments.Length > (hasLength ? 1 : 0))
        {
            isRead &= FilterCompiler.TryCompile(arguments[^1], slots ?? compiler.Scope.Entity, compiler, out filter);
        }

        return slots is null || !isRead ? null : Read(call.Place, new WindowSpec(function, field, ticks, filter), slots);
    }

    /// <summary>What a window has in its slot.</summary>
    public static Operand Read(Place place, WindowSpec spec, WindowSlots slots)
    {
        var slot = slots.Slot(spec);
        if (!spec.IsText)
        {
            return new NumberOperand(place, Costs.Window, (RuleEvaluation evaluation, out decimal value) => ValueStatuses.Of(evaluation.Windows.Number(slot, out value)));
        }

        ValueStatus Key(RuleEvaluation evaluation, out TextKey key) => ValueStatuses.Of(evaluation.Windows.Text(slot, out key));

        return new TextOperand(place, Costs.Window, Key, null, null, spec.Field);
    }

    /// <summary>The length of a window; false, with the problem noted, where it is none.</summary>
    public static bool TryReadLength(Expression argument, ExpressionCompiler compiler, out long ticks)
    {
        ticks = 0;
        if (!LiteralCalls.IsDuration(argument))
        {
            compiler.Problems.Add(argument.Place, "the length must be a duration, as in 90s, 15m, 1h or 30d");
            return false;
        }

        var length = argument is Call call ? (LiteralCalls.Duration(call, compiler) as TicksOperand)?.Constant : ((DurationLiteral)argument).Ticks;
        if (length is null)
        {
            return false;
        }

        ticks = length.Value;
        var horizon = compiler.Scope.Entity.HorizonTicks;
        var problem = ticks <= 0
            ? "the length must be more than 0"
            : ticks > horizon
                ? $"the length {DurationText.Of(ticks)} is longer than the horizon of {DurationText.Of(horizon)} that is kept"
                : null;
        if (problem is not null)
        {
            compiler.Problems.Add(argument.Place, problem);
        }

        return problem is null;
    }

    private static WindowSlots? ReadEntity(WindowFunction function, string name, Expression argument, ExpressionCompiler compiler, out TransactionField field)
    {
        field = TransactionField.None;
        var (scope, problems) = (compiler.Scope, compiler.Problems);
        if (function == WindowFunction.Count)
        {
            var counted = argument is Name of ? scope.FindEntity(of.Text) : null;
            if (counted is null)
            {
                problems.Add(argument.Place, $"{name} counts transactions and takes {scope.Entity.Kind} alone, as in {Example(name, function, scope.Entity.Kind)}");
            }

            return counted;
        }

        if (argument is not Member { Of: Name entity } member || scope.FindEntity(entity.Text) is not { } slots)
        {
            problems.Add(argument.Place, $"{name} takes a field of {scope.Entity.Kind}, as in {Example(name, function, scope.Entity.Kind)}");
            return null;
        }

        var allowed = Allowed(function);
        if (Fields.ByName.TryGetValue(member.Part.Text, out field) && allowed.Contains(field))
        {
            return slots;
        }

        var names = Array.ConvertAll(allowed, TransactionFieldText.NameOf);
        problems.Add(
            member.Part.Place,
            $"{name} does not take '{Excerpt.Of(member.Part.Text)}', but {string.Join(", ", names)}{NearestName.Hint(member.Part.Text, names)}");
        return null;
    }

    private static TransactionField[] Allowed(WindowFunction function) => function switch
    {
        WindowFunction.None or WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed
            or WindowFunction.Rate or WindowFunction.Frauds or WindowFunction.SinceFraud or WindowFunction.SinceFirstFraud => [],
        WindowFunction.Sum or WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max or WindowFunction.Stddev => [TransactionField.Amount],
        WindowFunction.Distinct => Texts,
        WindowFunction.Last or WindowFunction.First => [TransactionField.Amount, .. Texts],
    };

    private static string Example(string name, WindowFunction function, string kind) => function switch
    {
        WindowFunction.None or WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed => $"{name}({kind}, 1h)",
        WindowFunction.Distinct or WindowFunction.Last or WindowFunction.First => $"{name}({kind}.country, 1d)",
        _ => $"{name}({kind}.amount, 30d)",
    };
}

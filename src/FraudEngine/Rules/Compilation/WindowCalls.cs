using System.Collections.Frozen;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Window functions over an entity: <c>count(account, 1h)</c>, <c>avg(terminal.amount, 30d)</c>, <c>last(account.country)</c> and their like, each with a filter
/// where not all transactions count, <c>count(account, 1d, channel == "online")</c>, and a delay where the newest don't: <c>count(terminal, 7d, delay 7d)</c>.
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
        ["same"] = WindowFunction.Same,
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
        if (function == WindowFunction.Count && !call.Arguments.IsEmpty && LabelCalls.IsFraud(call.Arguments[0]))
        {
            return LabelCalls.Compile(call, WindowFunction.Frauds, compiler);
        }

        var needsLength = function is not (WindowFunction.Last or WindowFunction.First);
        var isRead = DelayReader.TryTake(call, null, compiler, out var arguments, out var delay);
        if (arguments.Length < (needsLength ? 2 : 1) || arguments.Length > 3)
        {
            return problems.Reject(
                call.Place,
                $"{name} takes {(function == WindowFunction.Count ? "an entity" : "a field of an entity")}, a length and, where not all transactions count, a condition on them, {Example(name, function)}");
        }

        var slots = ReadEntity(function, name, arguments[0], compiler, out var field);
        isRead &= TryReadRest(arguments.AsSpan()[1..], needsLength, slots, compiler, out var length, out var filter);
        return slots is null || !isRead ? null : Read(call.Place, new WindowSpec(function, field, length, filter, delay), slots);
    }

    /// <summary>What a window has in its slot.</summary>
    public static Operand Read(Place place, WindowSpec spec, WindowSlots slots)
    {
        var (slot, kind) = (slots.Slot(spec), slots.Kind);
        if (!spec.IsText)
        {
            return new NumberOperand(place, Costs.Window, kind == EntityKind.Account
                ? (RuleEvaluation evaluation, out decimal value) => ValueStatuses.Of(evaluation.Windows.Number(slot, out value))
                : (RuleEvaluation evaluation, out decimal value) => ValueStatuses.Of(evaluation.Entities[kind].Number(slot, out value)));
        }

        KeyEval key = kind == EntityKind.Account
            ? (RuleEvaluation evaluation, out TextKey key) => ValueStatuses.Of(evaluation.Windows.Text(slot, out key))
            : (RuleEvaluation evaluation, out TextKey key) => ValueStatuses.Of(evaluation.Entities[kind].Text(slot, out key));
        return new TextOperand(place, Costs.Window, key, null, null, spec.Field);
    }

    /// <summary>A window's seconds as a duration.</summary>
    public static TicksOperand Duration(NumberOperand window)
    {
        var seconds = window.Eval;
        ValueStatus Eval(RuleEvaluation evaluation, out long duration)
        {
            var status = seconds(evaluation, out var value);
            duration = (long)(value * TimeSpan.TicksPerSecond);
            return status;
        }

        return new TicksOperand(ValueType.Duration, window.Place, window.Cost, Eval);
    }

    /// <summary>
    /// Reads what stands behind what a window looks at: a length, where it is not needed the horizon, and a condition on the transactions. False, with the problem
    /// noted, where something is wrong with them.
    /// </summary>
    /// <param name="slots">Null where it is not known which entity was meant.</param>
    public static bool TryReadRest(ReadOnlySpan<Expression> rest, bool needsLength, WindowSlots? slots, ExpressionCompiler compiler, out long length, out EventFilter? filter)
    {
        slots ??= compiler.Scope.Entities[EntityKind.Account];
        filter = null;
        length = slots.HorizonTicks;
        var hasLength = rest.Length == 2 || (rest.Length == 1 && (needsLength || LiteralCalls.IsDuration(rest[0]) || rest[0] is NumberLiteral));
        var isRead = !hasLength || TryReadLength(rest[0], compiler, out length);
        if (rest.Length > (hasLength ? 1 : 0))
        {
            isRead &= FilterCompiler.TryCompile(rest[^1], slots, compiler, out filter);
        }

        return isRead;
    }

    /// <summary>The length of a window; false, with the problem noted, where it is none.</summary>
    public static bool TryReadLength(Expression argument, ExpressionCompiler compiler, out long ticks) => TryReadDuration(argument, "length", 1, compiler, out ticks);

    /// <summary>The delay of a window; false, with the problem noted, where it is none.</summary>
    public static bool TryReadDelay(Expression argument, ExpressionCompiler compiler, out long ticks) => TryReadDuration(argument, "delay", 0, compiler, out ticks);

    private static bool TryReadDuration(Expression argument, string what, long least, ExpressionCompiler compiler, out long ticks)
    {
        ticks = 0;
        if (!LiteralCalls.IsDuration(argument))
        {
            compiler.Problems.Add(argument.Place, $"the {what} must be a duration, as in 90s, 15m, 1h or 30d");
            return false;
        }

        var length = argument is Call call ? (LiteralCalls.Duration(call, compiler) as TicksOperand)?.Constant : ((DurationLiteral)argument).Ticks;
        if (length is null)
        {
            return false;
        }

        ticks = length.Value;
        var horizon = compiler.Scope.Entities[EntityKind.Account].HorizonTicks;
        var problem = ticks < least
            ? $"the {what} must {(least > 0 ? "be more than 0" : "not be negative")}"
            : ticks > horizon
                ? $"the {what} {DurationText.Of(ticks)} is longer than the horizon of {DurationText.Of(horizon)} that is kept"
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
        if (function == WindowFunction.Count)
        {
            return EntityNames.Find(argument, argument.Place, $"{name} counts transactions and takes an entity alone, {Example(name, function)}", compiler);
        }

        var of = argument is Member { Of: Name } named ? named.Of : argument;
        if (EntityNames.Find(of is Name ? of : argument, argument.Place, $"{name} takes a field of an entity, {Example(name, function)}", compiler) is not { } slots)
        {
            return null;
        }

        var problems = compiler.Problems;
        if (argument is not Member member)
        {
            problems.Add(argument.Place, $"{name} takes a field of an entity, {Example(name, function, slots.Name)}");
            return null;
        }

        var allowed = Allowed(function, slots.Kind);
        if (Fields.ByName.TryGetValue(member.Part.Text, out field) && allowed.Contains(field))
        {
            return slots;
        }

        var names = Array.ConvertAll(allowed, TransactionFieldText.NameOf);
        problems.Add(
            member.Part.Place,
            LabelCalls.IsFraud(member)
                ? LabelCalls.Misplaced
                : $"{name} does not take '{Excerpt.Of(member.Part.Text)}', but {string.Join(", ", names)}{NearestName.Hint(member.Part.Text, names)}");
        return null;
    }

    /// <summary>Which fields a function takes. An entity's own id is the same in all its transactions, and a transaction's differs in all.</summary>
    private static TransactionField[] Allowed(WindowFunction function, EntityKind kind) => function switch
    {
        WindowFunction.None or WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed
            or WindowFunction.Rate or WindowFunction.Frauds or WindowFunction.SinceFraud or WindowFunction.SinceFirstFraud => [],
        WindowFunction.Sum or WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max or WindowFunction.Stddev => [TransactionField.Amount],
        WindowFunction.Distinct or WindowFunction.Same => TextsOf(kind),
        WindowFunction.Last or WindowFunction.First => [TransactionField.Amount, .. TextsOf(kind)],
    };

    private static TransactionField[] TextsOf(EntityKind kind) => kind == EntityKind.Account
        ? Texts
        : [TransactionField.AccountId, .. Texts.Where(field => field != EntityKinds.FieldOf(kind))];

    private static string Example(string name, WindowFunction function, string kind = WindowText.Account) => function switch
    {
        WindowFunction.None or WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed => $"as in {name}({kind}, 1h)",
        WindowFunction.Distinct or WindowFunction.Same or WindowFunction.Last or WindowFunction.First => $"as in {name}({kind}.country, 1d)",
        _ => $"as in {name}({kind}.amount, 30d)",
    };
}

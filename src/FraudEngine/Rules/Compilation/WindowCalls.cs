using System.Collections.Frozen;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;

namespace FraudEngine.Rules.Compilation;

/// <summary>Window functions over the account: <c>count(account, 1h)</c>, <c>avg(account.amount, 30d)</c>, <c>last(account.country)</c> and their like.</summary>
internal static class WindowCalls
{
    public const string Account = "account";

    private static readonly FrozenDictionary<string, WindowFunction> Functions = new Dictionary<string, WindowFunction>
    {
        ["count"] = WindowFunction.Count,
        ["sum"] = WindowFunction.Sum,
        ["avg"] = WindowFunction.Avg,
        ["min"] = WindowFunction.Min,
        ["max"] = WindowFunction.Max,
        ["stddev"] = WindowFunction.Stddev,
        ["distinct"] = WindowFunction.Distinct,
        ["last"] = WindowFunction.Last,
    }.ToFrozenDictionary();

    private static readonly TransactionField[] Texts =
    [
        TransactionField.MerchantId, TransactionField.TerminalId, TransactionField.DeviceId, TransactionField.CounterpartyId,
        TransactionField.IpAddress, TransactionField.Currency, TransactionField.Country, TransactionField.MerchantCategory, TransactionField.Channel,
    ];

    public static IEnumerable<string> Names => Functions.Keys;

    public static bool IsWindowFunction(string name) => Functions.ContainsKey(name);

    public static Operand? Compile(Call call, WindowSlots slots, Problems problems)
    {
        var name = call.Function.Text;
        var function = Functions[name];
        var hasDefaultLength = function == WindowFunction.Last;
        if (call.Arguments.Length is < 1 or > 2 || (call.Arguments.Length == 1 && !hasDefaultLength))
        {
            return problems.Reject(call.Place, $"{name} takes {(function == WindowFunction.Count ? "account" : "a field of account")} and a length, as in {Example(name, function)}");
        }

        var hasField = TryReadField(name, function, call.Arguments[0], problems, out var field);
        var ticks = slots.HorizonTicks;
        var hasLength = call.Arguments.Length == 1 || TryReadLength(call.Arguments[1], slots.HorizonTicks, problems, out ticks);
        if (!hasField || !hasLength)
        {
            return null;
        }

        var slot = slots.Slot(new WindowSpec(function, field, ticks));
        if (function == WindowFunction.Last && field != TransactionField.Amount)
        {
            return new TextOperand(call.Place, Costs.Window, null, field, slot);
        }

        return new NumberOperand(call.Place, Costs.Window, (RuleEvaluation evaluation, out decimal value) => ValueStatuses.Of(evaluation.Windows.Number(slot, out value)));
    }

    private static bool TryReadField(string name, WindowFunction function, Expression argument, Problems problems, out TransactionField field)
    {
        field = TransactionField.None;
        if (function == WindowFunction.Count)
        {
            if (argument is Name { Text: Account })
            {
                return true;
            }

            problems.Add(argument.Place, $"{name} counts transactions and takes account alone, as in {Example(name, function)}");
            return false;
        }

        if (argument is not Member { Of: Name { Text: Account } } member)
        {
            problems.Add(argument.Place, $"{name} takes a field of account, as in {Example(name, function)}");
            return false;
        }

        var allowed = Allowed(function);
        if (Fields.ByName.TryGetValue(member.Part.Text, out field) && allowed.Contains(field))
        {
            return true;
        }

        var names = Array.ConvertAll(allowed, Fields.NameOf);
        problems.Add(
            member.Part.Place,
            $"{name} does not take '{Excerpt.Of(member.Part.Text)}', but {string.Join(", ", names)}{NearestName.Hint(member.Part.Text, names)}");
        return false;
    }

    private static bool TryReadLength(Expression argument, long horizonTicks, Problems problems, out long ticks)
    {
        ticks = argument is DurationLiteral duration ? duration.Ticks : 0;
        var problem = argument is not DurationLiteral
            ? "the length must be a duration, as in 90s, 15m, 1h or 30d"
            : ticks == 0
                ? "the length must be more than 0"
                : ticks > horizonTicks
                    ? $"the length {DurationText.Of(ticks)} is longer than the horizon of {DurationText.Of(horizonTicks)} that is kept"
                    : null;
        if (problem is not null)
        {
            problems.Add(argument.Place, problem);
        }

        return problem is null;
    }

    private static TransactionField[] Allowed(WindowFunction function) => function switch
    {
        WindowFunction.None or WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed => [],
        WindowFunction.Sum or WindowFunction.Avg or WindowFunction.Min or WindowFunction.Max or WindowFunction.Stddev => [TransactionField.Amount],
        WindowFunction.Distinct => Texts,
        WindowFunction.Last or WindowFunction.First => [TransactionField.Amount, .. Texts],
    };

    private static string Example(string name, WindowFunction function) => function switch
    {
        WindowFunction.None or WindowFunction.Count or WindowFunction.Since or WindowFunction.Distance or WindowFunction.Speed => $"{name}(account, 1h)",
        WindowFunction.Distinct or WindowFunction.Last or WindowFunction.First => $"{name}(account.country, 1d)",
        _ => $"{name}(account.amount, 30d)",
    };
}

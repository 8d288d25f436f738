using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Tests.Rules;

/// <summary>
/// The rule language as plainly as it can be said: walks the syntax tree anew for every value, with windows by going through all transactions. A value is a decimal,
/// string, bool, TimeSpan, DateTime or list of them, or one of the two failures.
/// </summary>
internal sealed class ReferenceInterpreter(IReadOnlyDictionary<string, object> current, IReadOnlyList<IReadOnlyDictionary<string, object>> earlier)
{
    private const string Account = "account";
    private const string Terminal = "terminal";

    public enum Failure
    {
        None,
        Missing,
        Error,
    }

    public object Evaluate(Expression expression) => expression switch
    {
        NumberLiteral number => number.Value,
        TextLiteral text => text.Value,
        BoolLiteral truth => truth.Value,
        DurationLiteral duration => new TimeSpan(duration.Ticks),
        Name name => current.GetValueOrDefault(name.Text, Failure.Missing),
        Member { Of: Name { Text: Account or Terminal } } member => Evaluate(member.Part),
        ListLiteral list => list.Items.Select(Evaluate).ToList(),
        FraudEngine.Rules.Syntax.Index index => OfList(Evaluate(index.Of), list => list[(int)(decimal)Evaluate(index.At)]),
        Not not => Of(Evaluate(not.Operand), static value => !(bool)value),
        Negation negation => Of(Evaluate(negation.Operand), static value => value is decimal number ? -number : -(TimeSpan)value),
        Arithmetic arithmetic => Calculate(arithmetic.Operator, Evaluate(arithmetic.Left), Evaluate(arithmetic.Right)),
        Comparison comparison => Compare(comparison.Operator, Evaluate(comparison.Left), Evaluate(comparison.Right)),
        Membership membership => Contains(Evaluate(membership.Item), Evaluate(membership.List)),
        Logic logic => Join(logic.Operator == LogicalOperator.Or, logic.Operands.Select(Evaluate)),
        Conditional conditional => Of(Evaluate(conditional.Condition), value => Evaluate((bool)value ? conditional.Then : conditional.Otherwise)),
        Call call => CallFunction(call),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    /// <summary>As the engine shows values.</summary>
    public static string Show(object value) => value switch
    {
        decimal number => NumberText.Of(number),
        string text => text,
        bool truth => truth ? "true" : "false",
        TimeSpan duration => DurationText.InParts(duration.Ticks),
        DateTime time => FraudEngine.Domain.TimestampText.Format(time.Ticks),
        List<object> list when list.OfType<Failure>().Any() => list.OfType<Failure>().Max().ToString(),
        List<object> list => $"[{string.Join(", ", list.Select(item => item is string text ? $"\"{text}\"" : Show(item)))}]",
        _ => value.ToString()!,
    };

    private static object Of(object value, Func<object, object> map) => value is Failure ? value : map(value);

    /// <summary>A list is there even where items of it are not.</summary>
    private static object OfList(object value, Func<List<object>, object> map) => value is Failure ? value : map((List<object>)value);

    private static object Worse(object left, object right) => left is Failure.Error || right is Failure.Error ? Failure.Error : Failure.Missing;

    /// <summary>True wins in an or, false in an and; then errors, then what is missing.</summary>
    private static object Join(bool isOr, IEnumerable<object> operands)
    {
        var all = operands.ToList();
        return all.Contains(isOr) ? isOr : all.Contains(Failure.Error) ? Failure.Error : all.Contains(Failure.Missing) ? Failure.Missing : !isOr;
    }

    private static object Calculate(ArithmeticOperator arithmetic, object left, object right)
    {
        if (left is Failure || right is Failure)
        {
            return Worse(left, right);
        }

        var isAdded = arithmetic == ArithmeticOperator.Add;
        try
        {
            return (left, right) switch
            {
                (decimal a, decimal b) => arithmetic switch
                {
                    ArithmeticOperator.Add => a + b,
                    ArithmeticOperator.Subtract => a - b,
                    ArithmeticOperator.Multiply => a * b,
                    ArithmeticOperator.Divide => a / b,
                    _ => a % b,
                },
                (string a, string b) => a + b,
                (List<object> a, List<object> b) => a.Concat(b).ToList(),
                (DateTime a, DateTime b) => a - b,
                (DateTime a, TimeSpan b) => isAdded ? a + b : a - b,
                (TimeSpan a, DateTime b) => b + a,
                (TimeSpan a, TimeSpan b) => isAdded ? a + b : a - b,
                _ => throw new ArgumentOutOfRangeException(nameof(left)),
            };
        }
        catch (Exception exception) when (exception is OverflowException or DivideByZeroException or ArgumentOutOfRangeException { ParamName: not "left" })
        {
            return Failure.Error;
        }
    }

    private static object Compare(ComparisonOperator comparison, object left, object right)
    {
        if (left is List<object> leftList && right is List<object> rightList)
        {
            var equal = leftList.Count != rightList.Count
                ? false
                : Join(isOr: false, leftList.Zip(rightList, static (a, b) => Compare(ComparisonOperator.Equal, a, b)));
            return comparison == ComparisonOperator.Equal ? equal : Of(equal, static value => !(bool)value);
        }

        if (left is Failure || right is Failure)
        {
            return Worse(left, right);
        }

        var order = left is string a ? Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)right)) : ((IComparable)left).CompareTo(right);
        return comparison switch
        {
            ComparisonOperator.Equal => order == 0,
            ComparisonOperator.NotEqual => order != 0,
            ComparisonOperator.Less => order < 0,
            ComparisonOperator.LessOrEqual => order <= 0,
            ComparisonOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static object Contains(object item, object list) => list is Failure ? Worse(list, item) : OfList(list, items => Join(isOr: true, items.Select(member => Compare(ComparisonOperator.Equal, item, member))));

    private object CallFunction(Call call)
    {
        var name = call.Function.Text;
        switch (name)
        {
            case "has":
                return current.ContainsKey(((Name)call.Arguments[0]).Text);
            case "timestamp":
                return DateTime.Parse(((TextLiteral)call.Arguments[0]).Value, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            case "duration":
                return TimeSpan.FromMilliseconds(int.Parse(((TextLiteral)call.Arguments[0]).Value[..^2], CultureInfo.InvariantCulture));
            case "since" or "count" or "sum" or "avg" or "min" or "max" or "distinct" or "same" or "last" or "first":
                return Window(name, call);
        }

        var parts = (call.Target is null ? call.Arguments : [call.Target, .. call.Arguments]).Select(Evaluate).ToArray();
        if (name == "size" && parts[0] is List<object> list)
        {
            return (decimal)list.Count;
        }

        if (parts.OfType<Failure>().Any())
        {
            return parts.OfType<Failure>().Max();
        }

        return name switch
        {
            "size" => (decimal)((string)parts[0]).EnumerateRunes().Count(),
            "startsWith" => ((string)parts[0]).StartsWith((string)parts[1], StringComparison.Ordinal),
            "endsWith" => ((string)parts[0]).EndsWith((string)parts[1], StringComparison.Ordinal),
            "contains" => ((string)parts[0]).Contains((string)parts[1], StringComparison.Ordinal),
            "matches" => Regex.IsMatch((string)parts[0], (string)parts[1], RegexOptions.CultureInvariant),
            "getHours" => (decimal)Local((DateTime)parts[0], parts).Hour,
            "getDate" => (decimal)Local((DateTime)parts[0], parts).Day,
            "getDayOfWeek" => (decimal)(int)Local((DateTime)parts[0], parts).DayOfWeek,
            _ => throw new ArgumentOutOfRangeException(nameof(call)),
        };
    }

    private static DateTime Local(DateTime utc, object[] parts) =>
        parts.Length == 1 ? utc : utc + TimeZoneInfo.FindSystemTimeZoneById((string)parts[1]).GetUtcOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc));

    private object Window(string name, Call call)
    {
        var arguments = call.Arguments;
        var length = arguments.Skip(1).OfType<DurationLiteral>().FirstOrDefault()?.Ticks ?? 30 * TimeSpan.TicksPerDay;
        var filter = name == "since" && arguments[0] is not FraudEngine.Rules.Syntax.Name
            ? arguments[0]
            : arguments.Skip(1).FirstOrDefault(static argument => argument is not (DurationLiteral or Delay));
        var delay = arguments.OfType<Delay>().FirstOrDefault() is { } late ? (TimeSpan)Evaluate(late.Length) : TimeSpan.Zero;
        var of = ExpressionPrinter.Print(arguments[0]);
        var isTerminal = of == Terminal || of.Contains("terminal.", StringComparison.Ordinal);
        if (isTerminal && !current.ContainsKey("terminalId"))
        {
            return Failure.Missing;
        }

        var now = (DateTime)current["timestamp"];
        var end = now - delay;
        var before = earlier
            .Where(payment => !isTerminal || current["terminalId"].Equals(payment.GetValueOrDefault("terminalId")))
            .Where(payment => (DateTime)payment["timestamp"] > end.AddTicks(-length) && (DateTime)payment["timestamp"] <= end && Passes(filter, payment)).ToList();
        if (name == "since")
        {
            return before.Count == 0 ? Failure.Missing : now - (DateTime)before[^1]["timestamp"];
        }

        var field = arguments[0] is Member member ? member.Part.Text : "";
        if (name is "last" or "first")
        {
            var having = before.Where(payment => payment.ContainsKey(field)).ToList();
            return having.Count == 0 ? Failure.Missing : having[name == "last" ? ^1 : 0][field];
        }

        if (name == "same" && !current.ContainsKey(field))
        {
            return Failure.Missing;
        }

        if (delay == TimeSpan.Zero && Passes(filter, current))
        {
            before.Add(current);
        }

        var values = before.Where(payment => payment.ContainsKey(field)).Select(payment => payment[field]).ToList();
        return name switch
        {
            "count" => (decimal)before.Count,
            "distinct" => (decimal)values.Distinct().Count(),
            "same" => (decimal)values.Count(current[field].Equals),
            "sum" => values.Sum(static value => (decimal)value),
            _ when values.Count == 0 => Failure.Missing,
            "avg" => values.Sum(static value => (decimal)value) / values.Count,
            "min" => values.Min(static value => (decimal)value),
            _ => values.Max(static value => (decimal)value),
        };
    }

    private static bool Passes(Expression? filter, IReadOnlyDictionary<string, object> payment) =>
        filter is null || new ReferenceInterpreter(payment, []).Evaluate(filter) is true;
}

using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary><c>hour(timestamp)</c> and <c>weekday(timestamp)</c>, in UTC or in the zone of the second argument. As in CEL, Sunday is 0.</summary>
internal static class ClockCalls
{
    private const string Hour = "hour";
    private const string Weekday = "weekday";

    public static IReadOnlyList<string> Names { get; } = [Hour, Weekday];

    /// <param name="compile">Compiles an argument.</param>
    public static Operand? Compile(Call call, Func<Expression, Operand?> compile, Problems problems)
    {
        var name = call.Function.Text;
        if (call.Arguments.Length is < 1 or > 2)
        {
            return problems.Reject(call.Place, $"{name} takes a timestamp and, if not UTC, a time zone, as in {name}(timestamp, \"Europe/Brussels\")");
        }

        var operand = compile(call.Arguments[0]);
        if (operand is not (null or TicksOperand { Type: ValueType.Timestamp }))
        {
            problems.Add(operand.Place, $"{name} takes a timestamp, but this is {ValueTypeText.One(operand.Type)}");
            operand = null;
        }

        ZoneOffsets? zone = null;
        if (call.Arguments.Length == 2 && !TryFindZone(call.Arguments[1], problems, out zone))
        {
            return null;
        }

        return operand is TicksOperand timestamp
            ? new NumberOperand(call.Place, timestamp.Cost + Costs.Clock, Eval(timestamp.Eval, zone, isHour: name == Hour))
            : null;
    }

    private static bool TryFindZone(Expression argument, Problems problems, out ZoneOffsets? zone)
    {
        zone = argument is TextLiteral literal ? ZoneOffsets.Find(literal.Value) : null;
        if (zone is null)
        {
            problems.Add(argument.Place, argument is TextLiteral unknown
                ? $"there is no time zone '{Excerpt.Of(unknown.Value)}'; a name of the IANA database is expected, as in \"Europe/Brussels\""
                : "the time zone must be a text between quotes, as in \"Europe/Brussels\"");
        }

        return zone is not null;
    }

    private static NumberEval Eval(TicksEval timestamp, ZoneOffsets? zone, bool isHour)
    {
        ValueStatus Eval(RuleEvaluation evaluation, out decimal value)
        {
            var status = timestamp(evaluation, out var ticks);
            if (status != ValueStatus.Ok)
            {
                value = 0;
                return status;
            }

            // Day 0, 0001-01-01, was a Monday. A week more changes nothing, and keeps what is west of Greenwich on that day above 0.
            var local = (zone is null ? ticks : zone.ToLocal(ticks)) + (7 * TimeSpan.TicksPerDay);
            value = isHour
                ? (int)(local / TimeSpan.TicksPerHour % 24)
                : (int)(((local / TimeSpan.TicksPerDay) + 1) % 7);
            return ValueStatus.Ok;
        }

        return Eval;
    }
}

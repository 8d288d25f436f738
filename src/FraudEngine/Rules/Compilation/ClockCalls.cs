using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary><c>hour(timestamp)</c> and <c>weekday(timestamp)</c>, in UTC or in the zone of the second argument. As in CEL, Sunday is 0.</summary>
internal static class ClockCalls
{
    private const string Hour = "hour";

    public static Operand? Compile(Call call, ExpressionCompiler compiler)
    {
        var (name, problems) = (call.Function.Text, compiler.Problems);
        if (call.Arguments.Length is < 1 or > 2)
        {
            return problems.Reject(call.Place, $"{name} takes a timestamp and, if not UTC, a time zone, as in {name}(timestamp, \"Europe/Brussels\")");
        }

        var operand = compiler.Compile(call.Arguments[0]);
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

        return operand is TicksOperand timestamp ? ClockMethods.Part(call.Place, timestamp, zone, name == Hour ? LocalTime.Hour : LocalTime.DayOfWeek) : null;
    }

    public static bool TryFindZone(Expression argument, Problems problems, out ZoneOffsets? zone)
    {
        zone = argument is TextLiteral literal ? ZoneOffsets.Find(literal.Value) : null;
        if (zone is null)
        {
            problems.Add(argument.Place, argument is TextLiteral unknown
                ? $"there is no time zone '{Excerpt.Of(unknown.Value)}'; a name of the IANA database is expected, as in \"Europe/Brussels\", or an offset, as in \"+02:00\""
                : "the time zone must be a text between quotes, as in \"Europe/Brussels\"");
        }

        return zone is not null;
    }
}

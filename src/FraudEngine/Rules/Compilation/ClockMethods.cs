using System.Collections.Frozen;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>CEL's accessors of timestamps, <c>timestamp.getHours("Europe/Brussels")</c>, and of durations, which they give in whole units.</summary>
internal static class ClockMethods
{
    private static readonly FrozenDictionary<string, Func<long, int>> OfTimestamps = new Dictionary<string, Func<long, int>>
    {
        ["getFullYear"] = LocalTime.Year,
        ["getMonth"] = LocalTime.Month,
        ["getDate"] = LocalTime.Day,
        ["getDayOfMonth"] = LocalTime.DayOfMonth,
        ["getDayOfWeek"] = LocalTime.DayOfWeek,
        ["getDayOfYear"] = LocalTime.DayOfYear,
        ["getHours"] = LocalTime.Hour,
        ["getMinutes"] = LocalTime.Minute,
        ["getSeconds"] = LocalTime.Second,
        ["getMilliseconds"] = LocalTime.Millisecond,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Func<long, decimal>> OfDurations = new Dictionary<string, Func<long, decimal>>
    {
        ["getHours"] = static ticks => ticks / TimeSpan.TicksPerHour,
        ["getMinutes"] = static ticks => ticks / TimeSpan.TicksPerMinute,
        ["getSeconds"] = static ticks => ticks / TimeSpan.TicksPerSecond,
        ["getMilliseconds"] = static ticks => ticks / TimeSpan.TicksPerMillisecond % 1000,
    }.ToFrozenDictionary();

    public static IReadOnlyList<string> Names => OfTimestamps.Keys;

    public static Operand? Compile(Call call, ExpressionCompiler compiler)
    {
        var (name, problems) = (call.Function.Text, compiler.Problems);
        var target = compiler.Compile(call.Target!);
        if (target is not (null or TicksOperand))
        {
            return problems.Reject(target.Place, $"{name} is asked of a timestamp, but this is {ValueTypeText.One(target.Type)}");
        }

        if (target is TicksOperand { Type: ValueType.Duration } duration)
        {
            return OfDurations.TryGetValue(name, out var convert)
                ? call.Arguments.IsEmpty ? Convert(call.Place, duration, convert) : problems.Reject(call.Place, $"{name} of a duration takes nothing in its parentheses")
                : problems.Reject(call.Function.Place, $"{name} is asked of a timestamp, but this is a duration, which has {string.Join(", ", OfDurations.Keys.Order())}");
        }

        ZoneOffsets? zone = null;
        if (call.Arguments.Length > 1)
        {
            return problems.Reject(call.Place, $"{name} takes nothing or a time zone, as in timestamp.{name}(\"Europe/Brussels\")");
        }

        if (call.Arguments.Length == 1 && !ClockCalls.TryFindZone(call.Arguments[0], problems, out zone))
        {
            return null;
        }

        return target is TicksOperand timestamp ? Part(call.Place, timestamp, zone, OfTimestamps[name]) : null;
    }

    /// <param name="part">Of a local time in ticks.</param>
    public static NumberOperand Part(Place place, TicksOperand timestamp, ZoneOffsets? zone, Func<long, int> part) =>
        Convert(place, timestamp, zone is null ? ticks => part(ticks) : ticks => part(zone.ToLocal(ticks)));

    private static NumberOperand Convert(Place place, TicksOperand operand, Func<long, decimal> convert)
    {
        if (operand.Constant is { } constant)
        {
            return NumberOperand.Fixed(place, convert(constant));
        }

        var inner = operand.Eval;
        ValueStatus Eval(RuleEvaluation evaluation, out decimal value)
        {
            var status = inner(evaluation, out var ticks);
            value = status == ValueStatus.Ok ? convert(ticks) : 0;
            return status;
        }

        return new NumberOperand(place, operand.Cost + Costs.Clock, Eval);
    }
}

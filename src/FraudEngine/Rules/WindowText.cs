using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;

namespace FraudEngine.Rules;

/// <summary>Windows as the rule language writes them.</summary>
public static class WindowText
{
    /// <summary>How rules name the account.</summary>
    public const string Account = "account";

    /// <summary><c>count(account, 1h, channel == "online", delay 1d)</c>, always with its length.</summary>
    /// <param name="entity">How rules name the entity.</param>
    public static string Of(WindowSpec spec, string entity = Account)
    {
        var rest = $"{Length(spec.LengthTicks)}{(spec.Filter is null ? "" : $", {spec.Filter.Text}")}{Delay(spec)}";
        return spec.Function switch
        {
            WindowFunction.None => "",
            WindowFunction.Count => $"count({entity}, {rest})",
            WindowFunction.Sum => $"sum({Field(spec, entity)}, {rest})",
            WindowFunction.Avg => $"avg({Field(spec, entity)}, {rest})",
            WindowFunction.Min => $"min({Field(spec, entity)}, {rest})",
            WindowFunction.Max => $"max({Field(spec, entity)}, {rest})",
            WindowFunction.Stddev => $"stddev({Field(spec, entity)}, {rest})",
            WindowFunction.Distinct => $"distinct({Field(spec, entity)}, {rest})",
            WindowFunction.Same => $"same({Field(spec, entity)}, {rest})",
            WindowFunction.Last => $"last({Field(spec, entity)}, {rest})",
            WindowFunction.First => $"first({Field(spec, entity)}, {rest})",
            WindowFunction.Since when spec.Filter is { } filter && entity == Account => $"since({filter.Text}, {Length(spec.LengthTicks)}{Delay(spec)})",
            WindowFunction.Since => $"since({entity}, {rest})",
            WindowFunction.Distance => $"distance_km({entity}.{EarlierCalls.Last}, {rest})",
            WindowFunction.Speed => $"speed_kmh({entity}.{EarlierCalls.Last}, {rest})",
            WindowFunction.Rate => $"rate({entity}.{LabelCalls.Fraud}, {rest})",
            WindowFunction.Frauds => $"count({entity}.{LabelCalls.Fraud}, {rest})",
            WindowFunction.SinceFraud => $"since({entity}.{LabelCalls.Fraud}, {rest})",
            WindowFunction.SinceFirstFraud => $"since_first({entity}.{LabelCalls.Fraud}, {rest})",
        };
    }

    private static string Field(WindowSpec spec, string entity) => $"{entity}.{TransactionFieldText.NameOf(spec.Field)}";

    private static string Delay(WindowSpec spec) => spec.DelayTicks == 0 ? "" : $", {Syntax.Delay.Keyword} {Length(spec.DelayTicks)}";

    private static string Length(long ticks) => ticks % TimeSpan.TicksPerSecond == 0
        ? DurationText.Of(ticks)
        : $"duration(\"{NumberText.Of((decimal)ticks / TimeSpan.TicksPerSecond)}s\")";
}

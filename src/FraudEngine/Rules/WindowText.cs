using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;

namespace FraudEngine.Rules;

/// <summary>Windows as the rule language writes them.</summary>
public static class WindowText
{
    /// <summary>How rules name the entity whose windows a rule set's plan holds.</summary>
    public const string Account = "account";

    /// <summary><c>count(account, 1h, channel == "online")</c>, always with its length.</summary>
    /// <param name="entity">How rules name the entity.</param>
    public static string Of(WindowSpec spec, string entity = Account)
    {
        var length = spec.LengthTicks % TimeSpan.TicksPerSecond == 0
            ? DurationText.Of(spec.LengthTicks)
            : $"duration(\"{NumberText.Of((decimal)spec.LengthTicks / TimeSpan.TicksPerSecond)}s\")";
        var filter = spec.Filter is null ? "" : $", {spec.Filter.Text}";
        return spec.Function switch
        {
            WindowFunction.None => "",
            WindowFunction.Count => $"count({entity}, {length}{filter})",
            WindowFunction.Sum => $"sum({Field(spec, entity)}, {length}{filter})",
            WindowFunction.Avg => $"avg({Field(spec, entity)}, {length}{filter})",
            WindowFunction.Min => $"min({Field(spec, entity)}, {length}{filter})",
            WindowFunction.Max => $"max({Field(spec, entity)}, {length}{filter})",
            WindowFunction.Stddev => $"stddev({Field(spec, entity)}, {length}{filter})",
            WindowFunction.Distinct => $"distinct({Field(spec, entity)}, {length}{filter})",
            WindowFunction.Last => $"last({Field(spec, entity)}, {length}{filter})",
            WindowFunction.First => $"first({Field(spec, entity)}, {length}{filter})",
            WindowFunction.Since => $"since({spec.Filter?.Text ?? entity}, {length})",
            WindowFunction.Distance => $"distance_km({entity}.last, {length})",
            WindowFunction.Rate => $"rate({entity}.fraud, {length}{filter})",
            WindowFunction.Frauds => $"count({entity}.fraud, {length}{filter})",
            WindowFunction.SinceFraud => $"since({entity}.fraud, {length}{filter})",
            WindowFunction.SinceFirstFraud => $"since_first({entity}.fraud, {length}{filter})",
            WindowFunction.Speed => $"speed_kmh({entity}.last, {length})",
        };
    }

    private static string Field(WindowSpec spec, string entity) => $"{entity}.{TransactionFieldText.NameOf(spec.Field)}";
}

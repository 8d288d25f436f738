using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Windows;

namespace FraudEngine.Rules;

/// <summary>A window as the rule language writes it.</summary>
public static class WindowText
{
    /// <summary><c>count(account, 1h)</c>, <c>avg(account.amount, 30d)</c>, with the filter where it has one.</summary>
    public static string Of(WindowSpec spec)
    {
        var subject = spec.Field == TransactionField.None ? "account" : $"account.{TransactionFieldText.NameOf(spec.Field)}";
        var filter = spec.Filter is null ? "" : $", {spec.Filter.Text}";
        return $"{NameOf(spec.Function)}({subject}, {DurationText.Of(spec.LengthTicks)}{filter})";
    }

    private static string NameOf(WindowFunction function) => function switch
    {
        WindowFunction.None => "none",
        WindowFunction.Count => "count",
        WindowFunction.Sum => "sum",
        WindowFunction.Avg => "avg",
        WindowFunction.Min => "min",
        WindowFunction.Max => "max",
        WindowFunction.Stddev => "stddev",
        WindowFunction.Distinct => "distinct",
        WindowFunction.Last => "last",
        WindowFunction.First => "first",
        WindowFunction.Since => "since",
        WindowFunction.Distance => "distance_km",
        WindowFunction.Speed => "speed_kmh",
    };
}

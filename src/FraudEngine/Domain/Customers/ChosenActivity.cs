namespace FraudEngine.Domain.Customers;

/// <summary>An activity alert that a customer has chosen: one of the rule set's <c>activity</c> rules, and what that compares with.</summary>
/// <param name="Id">Of the rule.</param>
/// <param name="Number">What the rule knows as <c>chosen</c>, where it takes a number; else null.</param>
/// <param name="Text">Likewise where it takes a text.</param>
public sealed record ChosenActivity(string Id, decimal? Number = null, string? Text = null)
{
    /// <summary>Activity alerts of one account.</summary>
    public const int Max = 16;
}

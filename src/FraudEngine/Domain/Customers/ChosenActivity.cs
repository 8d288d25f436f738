using System.Text;

namespace FraudEngine.Domain.Customers;

/// <summary>An activity alert that a customer has chosen: one of the rule set's <c>activity</c> rules, and what that compares with.</summary>
/// <param name="Id">Of the rule.</param>
/// <param name="Number">What the rule knows as <c>chosen</c>, where it takes a number; else null.</param>
/// <param name="Text">Likewise where it takes a text.</param>
public sealed record ChosenActivity(string Id, decimal? Number = null, string? Text = null)
{
    /// <summary>Activity alerts of one account.</summary>
    public const int Max = 16;

    public string? Text { get; } = Text;

    /// <summary>The text as rules compare it with another: encoded once, since each payment of the account asks.</summary>
    internal byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(Text ?? "");

    /// <summary>The key of the text; none where there is no text.</summary>
    internal TextKey Key { get; } = TextKey.Of(Text ?? "");

    public bool Equals(ChosenActivity? other) => other is not null && Id == other.Id && Number == other.Number && Text == other.Text;

    public override int GetHashCode() => HashCode.Combine(Id, Number, Text);
}

namespace FraudEngine.Rules.Syntax;

/// <summary>Where something stands in an expression's text: characters from <paramref name="Start"/> up to before <paramref name="End"/>.</summary>
internal readonly record struct Place(int Start, int End)
{
    /// <summary>From the start of this to the end of <paramref name="last"/>.</summary>
    public Place To(Place last) => new(Start, last.End);
}

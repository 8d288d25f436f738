namespace FraudEngine.Rules.Yaml;

/// <summary>A condition as a file states it, and where each of its characters stands there.</summary>
internal sealed class ConditionText(SourceText source, YamlScalar scalar)
{
    private readonly Lazy<int[]> _places = new(() => ScalarPlaces.Of(source.Text, scalar));

    public string Value => scalar.Value;

    /// <summary>The character of the file at which one of the condition stands; a place behind the last visible one is the place right behind it.</summary>
    public int IndexOf(int at) => _places.Value[at >= Value.TrimEnd().Length ? Value.Length : at];

    /// <summary>Line and column in the file, from 1.</summary>
    public (int Line, int Column) At(int at) => source.At(IndexOf(at));
}

using System.Collections.Immutable;

namespace FraudEngine.Rules.Lists;

/// <summary>All named lists at one moment. Immutable; every change has a version of its own, so that a decision can say which entries it saw.</summary>
/// <param name="Version">How many changes the lists have had; 0 where there never was one.</param>
public sealed record NamedLists(long Version, ImmutableDictionary<string, NamedList> Lists)
{
    public static NamedLists Empty { get; } = new(0, ImmutableDictionary<string, NamedList>.Empty);

    public NamedLists With(long version, NamedList list) => new(version, Lists.SetItem(list.Name, list));

    /// <summary>The list of that name; an empty one where there is none.</summary>
    public NamedList Find(string name) => Lists.GetValueOrDefault(name) ?? new NamedList(name);
}

using System.Collections.Immutable;
using FraudEngine.Domain;

namespace FraudEngine.Rules.Lists;

/// <summary>
/// A set of texts to which rules refer by name. Immutable: a change makes a new one, which shares what did not change. What has changed lately
/// stands apart from the rest, so that a change to a large list does not copy it.
/// </summary>
public sealed class NamedList
{
    private const int ChangesMin = 64;
    private const long Removed = long.MinValue;

    private readonly Dictionary<TextKey, long> _entries;
    private readonly ImmutableDictionary<TextKey, long> _changes;

    private NamedList(string name, Dictionary<TextKey, long> entries, ImmutableDictionary<TextKey, long> changes)
    {
        Name = name;
        _entries = entries;
        _changes = changes;
    }

    /// <summary>An empty list.</summary>
    public NamedList(string name)
        : this(name, [], ImmutableDictionary<TextKey, long>.Empty)
    {
    }

    public string Name { get; }

    /// <summary>Whether the text is an entry that has not expired at an event time, in UTC ticks.</summary>
    public bool Contains(TextKey text, long atTicks) =>
        (!_changes.IsEmpty && _changes.TryGetValue(text, out var expires) ? expires : _entries.GetValueOrDefault(text, Removed)) > atTicks;

    /// <summary>This list with some entries added, or given another expiry, and some removed.</summary>
    public NamedList With(IEnumerable<ListChange> changes)
    {
        var changed = _changes.ToBuilder();
        foreach (var change in changes)
        {
            changed[change.Text] = change.ExpiresTicks ?? Removed;
        }

        if (changed.Count <= Math.Max(ChangesMin, _entries.Count / ChangesMin))
        {
            return new NamedList(Name, _entries, changed.ToImmutable());
        }

        var entries = new Dictionary<TextKey, long>(_entries);
        foreach (var (text, expires) in changed)
        {
            if (expires == Removed)
            {
                entries.Remove(text);
            }
            else
            {
                entries[text] = expires;
            }
        }

        return new NamedList(Name, entries, ImmutableDictionary<TextKey, long>.Empty);
    }
}

/// <summary>One entry added to a list or removed from it.</summary>
/// <param name="ExpiresTicks">The event time, in UTC ticks, from which on it no longer counts; <see cref="Never"/>, or null where the entry is removed.</param>
public readonly record struct ListChange(TextKey Text, long? ExpiresTicks)
{
    public const long Never = long.MaxValue;
}

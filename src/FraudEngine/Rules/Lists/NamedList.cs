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

    private NamedList(string name, int count, Dictionary<TextKey, long> entries, ImmutableDictionary<TextKey, long> changes)
    {
        Name = name;
        Count = count;
        _entries = entries;
        _changes = changes;
    }

    /// <summary>An empty list.</summary>
    public NamedList(string name)
        : this(name, 0, [], ImmutableDictionary<TextKey, long>.Empty)
    {
    }

    public string Name { get; }

    /// <summary>Its entries, expired ones too.</summary>
    public int Count { get; }

    /// <summary>Whether the text is an entry that has not expired at an event time, in UTC ticks.</summary>
    public bool Contains(TextKey text, long atTicks) => Find(text) > atTicks;

    /// <summary>When an entry expires, in UTC ticks of the event time, or <see cref="ListChange.Never"/>; null where there is no such entry.</summary>
    public long? ExpiryOf(TextKey text) => Find(text) is var expires && expires == Removed ? null : expires;

    /// <summary>This list with some entries added, or given another expiry, and some removed. Of changes to the same entry the last one counts.</summary>
    public NamedList With(IReadOnlyCollection<ListChange> changes)
    {
        var count = Count;
        if (_changes.Count + changes.Count > Math.Max(ChangesMin, _entries.Count / ChangesMin))
        {
            var entries = new Dictionary<TextKey, long>(_entries);
            Apply(entries, _changes);
            Apply(entries, changes.Select(static change => KeyValuePair.Create(change.Text, change.ExpiresTicks ?? Removed)));
            return new NamedList(Name, entries.Count, entries, ImmutableDictionary<TextKey, long>.Empty);
        }

        var changed = _changes.ToBuilder();
        foreach (var (text, expires) in changes)
        {
            var before = changed.TryGetValue(text, out var latest) ? latest : _entries.GetValueOrDefault(text, Removed);
            count += (expires is null ? 0 : 1) - (before == Removed ? 0 : 1);
            changed[text] = expires ?? Removed;
        }

        return new NamedList(Name, count, _entries, changed.ToImmutable());
    }

    private long Find(TextKey text) => !_changes.IsEmpty && _changes.TryGetValue(text, out var expires) ? expires : _entries.GetValueOrDefault(text, Removed);

    private static void Apply(Dictionary<TextKey, long> entries, IEnumerable<KeyValuePair<TextKey, long>> changes)
    {
        foreach (var (text, expires) in changes)
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
    }
}

/// <summary>One entry added to a list or removed from it.</summary>
/// <param name="ExpiresTicks">The event time, in UTC ticks, from which on it no longer counts; <see cref="Never"/>, or null where the entry is removed.</param>
public readonly record struct ListChange(TextKey Text, long? ExpiresTicks)
{
    public const long Never = long.MaxValue;
}

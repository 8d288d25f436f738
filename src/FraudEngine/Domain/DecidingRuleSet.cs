using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace FraudEngine.Domain;

/// <summary>A rule set as decisions refer to it. Immutable.</summary>
public sealed class DecidingRuleSet
{
    // By rule, the places of its tags in _tags; empty where no rule has any.
    private readonly ImmutableArray<int[]> _tagsOf = [];
    private readonly List<byte[]> _tags = [];

    /// <param name="number">The journal's number for it, from 1.</param>
    /// <param name="reference"><c>name@version</c>.</param>
    /// <param name="reasons">Its rules, in order, and behind them its activity rules.</param>
    public DecidingRuleSet(int number, string reference, ImmutableArray<ReasonCode> reasons)
    {
        Number = number;
        Reference = reference;
        Reasons = reasons;
        ReferenceJson = Json(reference);
        if (reasons.Any(static reason => !reason.Tags.IsEmpty))
        {
            var places = new Dictionary<string, int>();
            _tagsOf = ImmutableArray.CreateRange(reasons, reason => PlacesOf(reason.Tags, places));
        }
    }

    public int Number { get; }

    public string Reference { get; }

    public ImmutableArray<ReasonCode> Reasons { get; }

    /// <summary>The reference as a JSON string.</summary>
    internal byte[] ReferenceJson { get; }

    /// <summary>The tags of the rules that were hit, each once, in the order of the rules.</summary>
    public IReadOnlyList<string> TagsOf(ReadOnlySpan<ushort> hits)
    {
        var tags = new List<string>();
        var known = new HashSet<string>();
        foreach (var rule in hits)
        {
            tags.AddRange(Reasons[rule].Tags.Where(known.Add));
        }

        return tags;
    }

    /// <summary>Writes <c>,"tags":[…]</c> as <see cref="TagsOf"/> has them; nothing where there are none. Allocates nothing.</summary>
    internal void WriteTags(IBufferWriter<byte> output, ReadOnlySpan<ushort> hits)
    {
        if (_tags.Count == 0 || hits.IsEmpty)
        {
            return;
        }

        Span<ulong> written = stackalloc ulong[(_tags.Count + 63) / 64];
        written.Clear();
        var isFirst = true;
        foreach (var rule in hits)
        {
            foreach (var tag in _tagsOf[rule])
            {
                if ((written[tag >> 6] & (1UL << (tag & 63))) == 0)
                {
                    written[tag >> 6] |= 1UL << (tag & 63);
                    output.Write(isFirst ? ",\"tags\":["u8 : ","u8);
                    output.Write(_tags[tag]);
                    isFirst = false;
                }
            }
        }

        if (!isFirst)
        {
            output.Write("]"u8);
        }
    }

    private int[] PlacesOf(ImmutableArray<string> tags, Dictionary<string, int> places)
    {
        var of = new int[tags.Length];
        for (var i = 0; i < of.Length; i++)
        {
            if (!places.TryGetValue(tags[i], out of[i]))
            {
                of[i] = places[tags[i]] = _tags.Count;
                _tags.Add(Json(tags[i]));
            }
        }

        return of;
    }

    private static byte[] Json(string text)
    {
        var json = new ArrayBufferWriter<byte>(64);
        JsonText.String(json, Encoding.UTF8.GetBytes(text));
        return json.WrittenSpan.ToArray();
    }
}

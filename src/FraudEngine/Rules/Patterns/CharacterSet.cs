using System.Text;

namespace FraudEngine.Rules.Patterns;

/// <summary>A set of Unicode characters, as ranges in ascending order with gaps between them.</summary>
internal sealed class CharacterSet
{
    private const int Last = 0x10FFFF;

    // Letters with two cases are folded up to the Cyrillic ones: a class such as [^a] would else be a million letters long.
    private const int FoldedLast = 0x052F;

    private readonly (int First, int Last)[] _ranges;

    // A bit for each of the characters 0..63 and 64..127.
    private readonly ulong _firstAscii;
    private readonly ulong _lastAscii;

    private CharacterSet((int First, int Last)[] ranges)
    {
        _ranges = ranges;
        foreach (var (first, last) in ranges)
        {
            for (var character = first; character <= Math.Min(last, 127); character++)
            {
                ref var bits = ref character < 64 ? ref _firstAscii : ref _lastAscii;
                bits |= 1UL << character;
            }
        }
    }

    /// <summary>What <c>\d</c>, <c>\w</c>, <c>\s</c> and the classes in <c>[[:alpha:]]</c> hold; as in RE2, ASCII only.</summary>
    public static IReadOnlyDictionary<string, CharacterSet> Named { get; } = new Dictionary<string, CharacterSet>
    {
        ["d"] = Of(('0', '9')),
        ["w"] = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')),
        ["s"] = Of(('\t', '\n'), ('\f', '\r'), (' ', ' ')),
        ["alnum"] = Of(('0', '9'), ('A', 'Z'), ('a', 'z')),
        ["alpha"] = Of(('A', 'Z'), ('a', 'z')),
        ["ascii"] = Of((0, 127)),
        ["blank"] = Of(('\t', '\t'), (' ', ' ')),
        ["cntrl"] = Of((0, 31), (127, 127)),
        ["digit"] = Of(('0', '9')),
        ["graph"] = Of(('!', '~')),
        ["lower"] = Of(('a', 'z')),
        ["print"] = Of((' ', '~')),
        ["punct"] = Of(('!', '/'), (':', '@'), ('[', '`'), ('{', '~')),
        ["space"] = Of(('\t', '\r'), (' ', ' ')),
        ["upper"] = Of(('A', 'Z')),
        ["word"] = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')),
        ["xdigit"] = Of(('0', '9'), ('A', 'F'), ('a', 'f')),
    };

    public static CharacterSet All { get; } = Of((0, Last));

    public static CharacterSet AllButLineFeed { get; } = Of((0, '\n' - 1), ('\n' + 1, Last));

    public static CharacterSet Of(params ReadOnlySpan<(int First, int Last)> ranges)
    {
        var sorted = ranges.ToArray();
        Array.Sort(sorted);
        var merged = new List<(int First, int Last)>(sorted.Length);
        foreach (var range in sorted)
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return new CharacterSet([.. merged]);
    }

    public static CharacterSet Union(IEnumerable<CharacterSet> sets) => Of([.. sets.SelectMany(static set => set._ranges)]);

    public bool Contains(int character)
    {
        if (character < 128)
        {
            return ((character < 64 ? _firstAscii : _lastAscii) >> character & 1) != 0;
        }

        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (first, last) = _ranges[middle];
            if (character < first)
            {
                high = middle - 1;
            }
            else if (character > last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    public CharacterSet Negate()
    {
        var gaps = new List<(int, int)>(_ranges.Length + 1);
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next)
            {
                gaps.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= Last)
        {
            gaps.Add((next, Last));
        }

        return new CharacterSet([.. gaps]);
    }

    /// <summary>With the other case of each of its letters.</summary>
    public CharacterSet Fold()
    {
        var folded = new List<(int, int)>(_ranges);
        foreach (var (first, last) in _ranges)
        {
            for (var code = first; code <= Math.Min(last, FoldedLast); code++)
            {
                var rune = new Rune(code);
                var (upper, lower) = (Rune.ToUpperInvariant(rune).Value, Rune.ToLowerInvariant(rune).Value);
                if (upper != lower)
                {
                    folded.Add((upper, upper));
                    folded.Add((lower, lower));
                }
            }
        }

        return Of([.. folded]);
    }
}

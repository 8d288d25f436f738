using System.Collections.Immutable;
using System.Globalization;

namespace FraudEngine.Rules.Patterns;

/// <summary>Reads RE2's syntax, without what needs the Unicode tables (<c>\p</c>). What RE2 refuses is refused: looking around and references back.</summary>
internal sealed class PatternParser
{
    private const int DepthMax = 50;
    private const int RepetitionsMax = 1000;

    private readonly string _text;
    private int _at;
    private int _depth;
    private bool _ignoresCase;
    private bool _dotIsAll;
    private bool _hasLines;

    private PatternParser(string text) => _text = text;

    /// <exception cref="PatternException">The text is no pattern.</exception>
    public static PatternNode Parse(string text)
    {
        var parser = new PatternParser(text);
        var node = parser.ParseAlternatives();
        return parser._at == text.Length ? node : throw new PatternException("a ')' has no '(' before it");
    }

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private bool Ends => _at >= _text.Length;

    private bool TryTake(string expected)
    {
        if (string.CompareOrdinal(_text, _at, expected, 0, expected.Length) != 0)
        {
            return false;
        }

        _at += expected.Length;
        return true;
    }

    private PatternNode ParseAlternatives()
    {
        var parts = ImmutableArray.CreateBuilder<PatternNode>();
        do
        {
            parts.Add(ParseSequence());
        }
        while (TryTake("|"));
        return parts.Count == 1 ? parts[0] : new Alternatives(parts.ToImmutable());
    }

    private Sequence ParseSequence()
    {
        var parts = ImmutableArray.CreateBuilder<PatternNode>();
        while (!Ends && Peek() is not ('|' or ')'))
        {
            if (TryTake("\\Q"))
            {
                while (!Ends && !TryTake("\\E"))
                {
                    parts.Add(One(TakeRune()));
                }

                if (parts.Count > 0)
                {
                    // What repeats behind the end of the quotation repeats its last character.
                    parts[^1] = ParseRepetition(parts[^1]);
                }
            }
            else
            {
                parts.Add(ParseRepetition(ParseAtom()));
            }
        }

        return new Sequence(parts.ToImmutable());
    }

    private PatternNode ParseRepetition(PatternNode part)
    {
        if (!TryTakeCount(out var least, out var most))
        {
            return part;
        }

        // A '?' behind it says which match is preferred, which makes no difference to whether there is one.
        TryTake("?");
        if (Peek() is '*' or '+' or '?' && !Ends)
        {
            throw new PatternException($"'{Peek()}' stands behind another repetition");
        }

        return new Repetition(part, least, most);
    }

    private bool TryTakeCount(out int least, out int most)
    {
        (least, most) = Peek() switch
        {
            '*' => (0, -1),
            '+' => (1, -1),
            '?' => (0, 1),
            _ => (-1, 0),
        };
        if (least >= 0)
        {
            _at++;
            return true;
        }

        // Braces that hold no count stand for themselves.
        var end = Peek() == '{' ? _text.IndexOf('}', _at) : -1;
        if (end < 0)
        {
            return false;
        }

        var count = _text.AsSpan(_at + 1, end - _at - 1);
        var comma = count.IndexOf(',');
        if (!TryCount(comma < 0 ? count : count[..comma], out least))
        {
            return false;
        }

        most = comma < 0 ? least : -1;
        if (comma >= 0 && comma + 1 < count.Length && !TryCount(count[(comma + 1)..], out most))
        {
            return false;
        }

        if (least > RepetitionsMax || most > RepetitionsMax || (most >= 0 && most < least))
        {
            throw new PatternException($"'{{{count.ToString()}}}' is no count: it goes from the smaller to the larger one, at most {RepetitionsMax}");
        }

        _at = end + 1;
        return true;
    }

    private static bool TryCount(ReadOnlySpan<char> digits, out int count)
    {
        count = 0;
        return !digits.IsEmpty && digits.IndexOfAnyExceptInRange('0', '9') < 0
            && (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out count) || (count = int.MaxValue) > 0);
    }

    private PatternNode ParseAtom()
    {
        switch (Peek())
        {
            case '(':
                return ParseGroup();
            case '[':
                _at++;
                return new AnyOf(PatternClass.Parse(_text, ref _at, _ignoresCase));
            case '.':
                _at++;
                return new AnyOf(_dotIsAll ? CharacterSet.All : CharacterSet.AllButLineFeed);
            case '^':
                _at++;
                return new Assertion(_hasLines ? AssertionKind.LineStart : AssertionKind.TextStart);
            case '$':
                _at++;
                return new Assertion(_hasLines ? AssertionKind.LineEnd : AssertionKind.TextEnd);
            case '*' or '+' or '?':
                throw new PatternException($"'{Peek()}' has nothing before it to repeat");
            case '\\':
                return ParseEscape();
            default:
                return One(TakeRune());
        }
    }

    private PatternNode ParseGroup()
    {
        if (++_depth > DepthMax)
        {
            throw new PatternException($"the groups go deeper than {DepthMax} levels");
        }

        _at++;
        var flags = (_ignoresCase, _dotIsAll, _hasLines);
        if (TryTake("?") && ParseFlags())
        {
            Close();
            return new Sequence([]);
        }

        var node = ParseAlternatives();
        Close();
        (_ignoresCase, _dotIsAll, _hasLines) = flags;
        return node;
    }

    private void Close()
    {
        if (!TryTake(")"))
        {
            throw new PatternException("a '(' has no ')' behind it");
        }

        _depth--;
    }

    /// <summary>Reads what stands between <c>(?</c> and the group. True where no group follows: the flags hold to the end of the one around it.</summary>
    private bool ParseFlags()
    {
        if (Peek() is '=' or '!' || (Peek() == '<' && Peek(1) is '=' or '!'))
        {
            throw new PatternException("patterns can't look ahead or back: '(?=', '(?!', '(?<=' and '(?<!' are not supported");
        }

        if (TryTake("P<") || TryTake("<"))
        {
            var end = _text.IndexOf('>', _at);
            if (end <= _at || !_text.AsSpan(_at, end - _at).ToString().All(static c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new PatternException("the name of a group consists of letters, digits and '_', as in (?P<name>…)");
            }

            _at = end + 1;
            return false;
        }

        var isOn = true;
        while (!Ends)
        {
            var flag = _text[_at++];
            switch (flag)
            {
                case '-' when isOn:
                    isOn = false;
                    break;
                case 'i':
                    _ignoresCase = isOn;
                    break;
                case 's':
                    _dotIsAll = isOn;
                    break;
                case 'm':
                    _hasLines = isOn;
                    break;
                case 'U':
                    break;
                case ':':
                    return false;
                case ')':
                    _at--;
                    return true;
                default:
                    throw new PatternException($"'(?{flag}' is not supported; the flags are i, m, s and U");
            }
        }

        throw new PatternException("a '(' has no ')' behind it");
    }

    private PatternNode ParseEscape()
    {
        var letter = Peek(1);
        var assertion = letter switch
        {
            'A' => AssertionKind.TextStart,
            'z' => AssertionKind.TextEnd,
            'b' => AssertionKind.WordEdge,
            'B' => AssertionKind.NoWordEdge,
            _ => AssertionKind.None,
        };
        if (assertion != AssertionKind.None)
        {
            _at += 2;
            return new Assertion(assertion);
        }

        return PatternClass.TryTakeNamed(_text, ref _at) is { } set ? new AnyOf(set) : One(PatternClass.TakeEscape(_text, ref _at));
    }

    private AnyOf One(int character)
    {
        var set = CharacterSet.Of((character, character));
        return new AnyOf(_ignoresCase ? set.Fold() : set);
    }

    private int TakeRune() => PatternClass.TakeRune(_text, ref _at);
}

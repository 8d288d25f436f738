using System.Text;

namespace FraudEngine.Rules.Patterns;

/// <summary>
/// A regular expression in RE2's syntax, matched anywhere in a UTF-8 text. The text is read once, and all ways to match are followed side by side
/// (Thompson's simulation), so that a match takes at most length of text times size of pattern, whatever the pattern; it allocates nothing. The platform's own
/// non-backtracking engine counts UTF-16 units instead of characters, and allocates while its automaton grows.
/// </summary>
internal sealed class Pattern
{
    public const int CharactersMax = 500;

    private readonly Instruction[] _program;

    private Pattern(Instruction[] program) => _program = program;

    /// <summary>Its instructions: a match takes at most so many steps for each character.</summary>
    public int Size => _program.Length;

    /// <exception cref="PatternException">The text is no pattern, or one that is too large.</exception>
    public static Pattern Parse(string text) => text.Length <= CharactersMax
        ? new Pattern(PatternProgram.Of(PatternParser.Parse(text)))
        : throw new PatternException($"a pattern has at most {CharactersMax} characters, but this has {text.Length}");

    public bool IsMatch(ReadOnlySpan<byte> utf8)
    {
        Span<int> active = stackalloc int[_program.Length];
        Span<int> next = stackalloc int[_program.Length];
        Span<int> stack = stackalloc int[_program.Length];
        Span<int> reachedAt = stackalloc int[_program.Length];
        reachedAt.Clear();
        var activeCount = 0;
        var place = new Between(-1, Decode(utf8, out var length));
        for (var number = 1; ; number++)
        {
            // A match may begin anywhere.
            if (Reach(0, place, number, active, ref activeCount, stack, reachedAt))
            {
                return true;
            }

            if (place.After < 0)
            {
                return false;
            }

            var character = place.After;
            utf8 = utf8[length..];
            place = new Between(character, Decode(utf8, out length));
            var nextCount = 0;
            for (var i = 0; i < activeCount; i++)
            {
                ref readonly var instruction = ref _program[active[i]];
                if (instruction.Set!.Contains(character) && Reach(active[i] + 1, place, number + 1, next, ref nextCount, stack, reachedAt))
                {
                    return true;
                }
            }

            var done = active;
            active = next;
            next = done;
            activeCount = nextCount;
        }
    }

    /// <summary>
    /// Follows all instructions that take no character, and adds those that do to the active ones. Each is reached once per place, so that the stack holds each
    /// at most once. True where the end of the pattern is among them.
    /// </summary>
    private bool Reach(int from, Between place, int number, Span<int> active, ref int activeCount, Span<int> stack, Span<int> reachedAt)
    {
        var depth = 0;
        Push(from, stack, ref depth, reachedAt, number);
        while (depth > 0)
        {
            var at = stack[--depth];
            ref readonly var instruction = ref _program[at];
            switch (instruction.Kind)
            {
                case InstructionKind.Match:
                    return true;
                case InstructionKind.Take:
                    active[activeCount++] = at;
                    break;
                case InstructionKind.Assert:
                    if (place.Holds(instruction.Assertion))
                    {
                        Push(at + 1, stack, ref depth, reachedAt, number);
                    }

                    break;
                case InstructionKind.Split:
                    Push(instruction.To, stack, ref depth, reachedAt, number);
                    Push(at + 1, stack, ref depth, reachedAt, number);
                    break;
                case InstructionKind.Jump:
                    Push(instruction.To, stack, ref depth, reachedAt, number);
                    break;
                case InstructionKind.None:
                    break;
            }
        }

        return false;
    }

    private static void Push(int at, Span<int> stack, ref int depth, Span<int> reachedAt, int number)
    {
        if (reachedAt[at] != number)
        {
            reachedAt[at] = number;
            stack[depth++] = at;
        }
    }

    private static int Decode(ReadOnlySpan<byte> utf8, out int length)
    {
        if (utf8.IsEmpty)
        {
            length = 0;
            return -1;
        }

        Rune.DecodeFromUtf8(utf8, out var rune, out length);
        return rune.Value;
    }

    /// <summary>A place between two characters; -1 is none.</summary>
    private readonly record struct Between(int Before, int After)
    {
        public bool Holds(AssertionKind kind) => kind switch
        {
            AssertionKind.None => true,
            AssertionKind.TextStart => Before < 0,
            AssertionKind.TextEnd => After < 0,
            AssertionKind.LineStart => Before is < 0 or '\n',
            AssertionKind.LineEnd => After is < 0 or '\n',
            AssertionKind.WordEdge => IsWord(Before) != IsWord(After),
            AssertionKind.NoWordEdge => IsWord(Before) == IsWord(After),
        };

        private static bool IsWord(int character) => character is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or '_' or (>= 'a' and <= 'z');
    }
}

namespace FraudEngine.Rules.Patterns;

internal enum InstructionKind : byte
{
    None,
    Take,
    Split,
    Jump,
    Assert,
    Match,
}

/// <param name="To">Where Jump goes on, and where Split goes on besides the next instruction.</param>
internal readonly record struct Instruction(InstructionKind Kind, CharacterSet? Set = null, int To = 0, AssertionKind Assertion = AssertionKind.None);

/// <summary>Turns a parsed pattern into the instructions that match it.</summary>
internal sealed class PatternProgram
{
    private const int InstructionsMax = 1_000;

    // A repetition of nothing makes no instructions, so what is emitted is counted as well.
    private const int StepsMax = 20_000;

    private readonly List<Instruction> _instructions = [];
    private int _steps;

    private PatternProgram()
    {
    }

    /// <exception cref="PatternException">It is too large.</exception>
    public static Instruction[] Of(PatternNode node)
    {
        var program = new PatternProgram();
        program.Emit(node);
        program.Add(new Instruction(InstructionKind.Match));
        return [.. program._instructions];
    }

    private void Emit(PatternNode node)
    {
        if (++_steps > StepsMax)
        {
            throw TooLarge();
        }

        switch (node)
        {
            case AnyOf any:
                Add(new Instruction(InstructionKind.Take, any.Set));
                break;
            case Assertion assertion:
                Add(new Instruction(InstructionKind.Assert, Assertion: assertion.Kind));
                break;
            case Sequence sequence:
                foreach (var part in sequence.Parts)
                {
                    Emit(part);
                }

                break;
            case Alternatives alternatives:
                EmitAlternatives(alternatives);
                break;
            case Repetition repetition:
                EmitRepetition(repetition);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(node));
        }
    }

    private void EmitAlternatives(Alternatives alternatives)
    {
        var jumps = new List<int>();
        for (var i = 0; i < alternatives.Parts.Length - 1; i++)
        {
            var split = Add(new Instruction(InstructionKind.Split));
            Emit(alternatives.Parts[i]);
            jumps.Add(Add(new Instruction(InstructionKind.Jump)));
            Aim(split);
        }

        Emit(alternatives.Parts[^1]);
        jumps.ForEach(Aim);
    }

    private void EmitRepetition(Repetition repetition)
    {
        for (var i = 0; i < repetition.Least; i++)
        {
            Emit(repetition.Part);
        }

        if (repetition.Most < 0)
        {
            var split = Add(new Instruction(InstructionKind.Split));
            Emit(repetition.Part);
            Add(new Instruction(InstructionKind.Jump, To: split));
            Aim(split);
            return;
        }

        var splits = new List<int>();
        for (var i = repetition.Least; i < repetition.Most; i++)
        {
            splits.Add(Add(new Instruction(InstructionKind.Split)));
            Emit(repetition.Part);
        }

        splits.ForEach(Aim);
    }

    private int Add(Instruction instruction)
    {
        _instructions.Add(_instructions.Count < InstructionsMax ? instruction : throw TooLarge());
        return _instructions.Count - 1;
    }

    /// <summary>Lets an instruction go on at the next one that is added.</summary>
    private void Aim(int at) => _instructions[at] = _instructions[at] with { To = _instructions.Count };

    private static PatternException TooLarge() => new($"the pattern stands for more than {InstructionsMax} characters and choices: repeat less, or less often inside another repetition");
}

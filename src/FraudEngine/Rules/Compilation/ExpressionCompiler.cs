using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Checks the types of a syntax tree and compiles it to delegates, bottom up. An operand that can't be built is null; its problem is
/// already noted then, and its siblings are still checked, so that one look finds all.
/// </summary>
internal sealed class ExpressionCompiler
{
    private readonly WindowSlots _slots;
    private readonly Problems _problems;

    private ExpressionCompiler(WindowSlots slots, Problems problems)
    {
        _slots = slots;
        _problems = problems;
    }

    /// <summary>The condition that a text states; null, with at least one problem noted, where it states none.</summary>
    public static BoolEval? Condition(string text, WindowSlots slots, Problems problems)
    {
        Operand? operand;
        try
        {
            operand = new ExpressionCompiler(slots, problems).Compile(Parser.Parse(text));
        }
        catch (ExpressionException exception)
        {
            problems.Add(exception.Place, exception.Message);
            return null;
        }

        if (operand is not (null or BoolOperand))
        {
            problems.Add(operand.Place, $"a rule needs a condition (true or false), but this is {ValueTypeText.One(operand.Type)}");
        }

        return problems.Found.Count == 0 ? (operand as BoolOperand)?.Eval : null;
    }

    private Operand? Compile(Expression expression) => expression switch
    {
        NumberLiteral number => NumberOperand.Fixed(number.Place, number.Value),
        TextLiteral text => TextOperand.Fixed(text.Place, text.Value),
        BoolLiteral truth => BoolOperand.Fixed(truth.Place, truth.Value),
        DurationLiteral duration => TicksOperand.Fixed(duration.Place, duration.Ticks),
        Name name => CompileName(name),
        Member member => CompileMember(member),
        Call call => CompileCall(call),
        ListLiteral list => _problems.Reject(list.Place, "a list stands only on the right of 'in'"),
        Not not => CompileNot(not),
        Negation negation => CompileNegation(negation),
        Arithmetic arithmetic => CompileArithmetic(arithmetic),
        Comparison comparison => CompileComparison(comparison),
        Membership membership => CompileMembership(membership),
        Logic logic => CompileLogic(logic),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    private Operand? CompileName(Name name)
    {
        if (Fields.ByName.TryGetValue(name.Text, out var field))
        {
            return Fields.Compile(field, name.Place);
        }

        if (name.Text == WindowCalls.Account)
        {
            return _problems.Reject(name.Place, "account has no value of its own; it stands in window functions, as in count(account, 1h)");
        }

        return IsFunction(name.Text)
            ? _problems.Reject(name.Place, $"{name.Text} is a function and needs its arguments in parentheses")
            : _problems.Reject(name.Place, $"there is no field '{Excerpt.Of(name.Text)}'{NearestName.Hint(name.Text, Fields.ByName.Keys)}");
    }

    private Operand? CompileMember(Member member) => member.Of is Name { Text: WindowCalls.Account }
        ? _problems.Reject(member.Place, "a field of account stands only in window functions, as in avg(account.amount, 30d)")
        : _problems.Reject(member.Part.Place, $"there is no field '{Excerpt.Of(member.Part.Text)}' here: only account has fields");

    private Operand? CompileCall(Call call)
    {
        var name = call.Function;
        if (WindowCalls.IsWindowFunction(name.Text))
        {
            return WindowCalls.Compile(call, _slots, _problems);
        }

        return ClockCalls.Names.Contains(name.Text)
            ? ClockCalls.Compile(call, Compile, _problems)
            : _problems.Reject(name.Place, $"there is no function '{Excerpt.Of(name.Text)}'{NearestName.Hint(name.Text, FunctionNames)}");
    }

    private Operand? CompileNot(Not not)
    {
        var operand = Compile(not.Operand);
        return operand switch
        {
            null => null,
            BoolOperand condition => LogicCompiler.Negate(not.Place, condition),
            _ => _problems.Reject(operand.Place, $"'!' takes a condition, but this is {ValueTypeText.One(operand.Type)}"),
        };
    }

    private Operand? CompileNegation(Negation negation)
    {
        var operand = Compile(negation.Operand);
        return operand switch
        {
            null => null,
            NumberOperand number => ArithmeticCompiler.Negate(negation.Place, number),
            TicksOperand { Type: ValueType.Duration } duration => TicksCompiler.Negate(negation.Place, duration),
            _ => _problems.Reject(operand.Place, $"'-' takes a number or a duration, but this is {ValueTypeText.One(operand.Type)}"),
        };
    }

    private Operand? CompileArithmetic(Arithmetic arithmetic)
    {
        var left = Compile(arithmetic.Left);
        var right = Compile(arithmetic.Right);
        return left is null || right is null ? null : PairCompiler.Arithmetic(arithmetic, left, right, _problems);
    }

    private Operand? CompileComparison(Comparison comparison)
    {
        var left = Compile(comparison.Left);
        var right = Compile(comparison.Right);
        return left is null || right is null ? null : PairCompiler.Comparison(comparison.Place, comparison.Operator, left, right, _problems);
    }

    private Operand? CompileMembership(Membership membership)
    {
        var item = Compile(membership.Item);
        if (membership.List is not ListLiteral list)
        {
            return _problems.Reject(membership.List.Place, "expected a list on the right of 'in', as in country in [\"BE\", \"NL\"]");
        }

        var members = new Operand?[list.Items.Length];
        for (var i = 0; i < members.Length; i++)
        {
            members[i] = Compile(list.Items[i]);
        }

        return item is null || members.Contains(null) ? null : MembershipCompiler.Compile(membership.Place, item, members!, _problems);
    }

    private BoolOperand? CompileLogic(Logic logic)
    {
        var operands = new List<BoolOperand>(logic.Operands.Length);
        foreach (var part in logic.Operands)
        {
            var operand = Compile(part);
            if (operand is BoolOperand condition)
            {
                operands.Add(condition);
            }
            else if (operand is not null)
            {
                var sign = logic.Operator == LogicalOperator.And ? "&&" : "||";
                var side = ReferenceEquals(part, logic.Operands[0]) ? "left" : "right";
                _problems.Add(operand.Place, $"'{sign}' joins two conditions, but the {side} side is {ValueTypeText.One(operand.Type)}");
            }
        }

        return operands.Count == logic.Operands.Length ? LogicCompiler.Compile(logic.Place, logic.Operator, operands) : null;
    }

    private static bool IsFunction(string name) => WindowCalls.IsWindowFunction(name) || ClockCalls.Names.Contains(name);

    private static IEnumerable<string> FunctionNames => WindowCalls.Names.Concat(ClockCalls.Names);
}

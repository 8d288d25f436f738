using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Checks the types of a syntax tree and compiles it to delegates, bottom up. An operand that can't be built is null; its problem is
/// already noted then, and its siblings are still checked, so that one look finds all.
/// </summary>
/// <param name="trace">What is told of every part, for explanations; null where a rule is compiled to be evaluated.</param>
internal sealed class ExpressionCompiler(Scope scope, Problems problems, ExpressionTrace? trace = null)
{
    public Scope Scope => scope;

    public Problems Problems => problems;

    /// <summary>The condition that a text states; null, with at least one problem noted, where it states none.</summary>
    public static BoolOperand? Condition(string text, Scope scope, Problems problems, ExpressionTrace? trace = null)
    {
        var operand = Parsed(text, scope, problems, trace);
        if (operand is not (null or BoolOperand))
        {
            problems.Add(operand.Place, $"a rule needs a condition (true or false), but this is {ValueTypeText.One(operand.Type)}");
        }

        return problems.Found.Count == 0 ? operand as BoolOperand : null;
    }

    /// <summary>The number, condition or duration that a text states; null, with at least one problem noted, where it states none.</summary>
    public static Operand? Feature(string text, Scope scope, Problems problems)
    {
        var operand = Parsed(text, scope, problems, null);
        if (operand is not (null or NumberOperand or BoolOperand or TicksOperand { Type: ValueType.Duration }))
        {
            problems.Add(operand.Place, $"a feature is a number, a condition or a duration, but this is {ValueTypeText.One(operand.Type)}");
        }

        return problems.Found.Count == 0 ? operand : null;
    }

    public Operand? Compile(Expression expression)
    {
        trace?.Enter(expression);
        var operand = CompileNode(expression);
        trace?.Leave(operand);
        return operand;
    }

    private static Operand? Parsed(string text, Scope scope, Problems problems, ExpressionTrace? trace)
    {
        try
        {
            return new ExpressionCompiler(scope, problems, trace).Compile(Parser.Parse(text));
        }
        catch (ExpressionException exception)
        {
            problems.Add(exception.Place, exception.Message);
            return null;
        }
    }

    private Operand? CompileNode(Expression expression) => expression switch
    {
        NumberLiteral number => NumberOperand.Fixed(number.Place, number.Value),
        TextLiteral text => TextOperand.Fixed(text.Place, text.Value),
        BoolLiteral truth => BoolOperand.Fixed(truth.Place, truth.Value),
        DurationLiteral duration => TicksOperand.Fixed(ValueType.Duration, duration.Place, duration.Ticks),
        Name name => Names.Compile(name, this),
        Member member => Names.Compile(member, this),
        Call call => Functions.Compile(call, this),
        Syntax.Index index => CompileIndex(index),
        ListLiteral list => CompileList(list),
        Not not => CompileNot(not),
        Negation negation => CompileNegation(negation),
        Arithmetic arithmetic => CompileArithmetic(arithmetic),
        Comparison comparison => CompileComparison(comparison),
        Membership membership => CompileMembership(membership),
        Logic logic => CompileLogic(logic),
        Conditional conditional => CompileConditional(conditional),
        Delay delay => problems.Reject(delay.Place, DelayReader.Misplaced),
        _ => throw new ArgumentOutOfRangeException(nameof(expression)),
    };

    private Operand? CompileIndex(Syntax.Index index)
    {
        var list = Compile(index.Of);
        var at = Compile(index.At);
        return (list, at) switch
        {
            (null, _) or (_, null) => null,
            (ListOperand items, _) => ListCompiler.At(index, items, at, problems),
            _ => problems.Reject(list.Place, $"'[…]' takes an item of a list, but this is {ValueTypeText.One(list.Type)}"),
        };
    }

    private Operand? CompileList(ListLiteral list)
    {
        var items = new Operand?[list.Items.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = Compile(list.Items[i]);
        }

        return ListCompiler.Literal(list, items, problems);
    }

    private Operand? CompileNot(Not not)
    {
        var operand = Compile(not.Operand);
        return operand switch
        {
            null => null,
            BoolOperand condition => LogicCompiler.Negate(not.Place, condition),
            _ => problems.Reject(operand.Place, $"'!' takes a condition, but this is {ValueTypeText.One(operand.Type)}"),
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
            _ => problems.Reject(operand.Place, $"'-' takes a number or a duration, but this is {ValueTypeText.One(operand.Type)}"),
        };
    }

    private Operand? CompileArithmetic(Arithmetic arithmetic)
    {
        var left = Compile(arithmetic.Left);
        var right = Compile(arithmetic.Right);
        if (left is null || right is null)
        {
            return null;
        }

        var result = PairCompiler.Arithmetic(arithmetic, left, right, problems);
        return result is not null && scope.IsFilter && !FilterCompiler.NeverFails(arithmetic.Operator, right, result)
            ? problems.Reject(arithmetic.Place, FilterCompiler.MayFail)
            : result;
    }

    private Operand? CompileComparison(Comparison comparison)
    {
        var left = Compile(comparison.Left);
        var right = Compile(comparison.Right);
        return left is null || right is null ? null : PairCompiler.Comparison(comparison.Place, comparison.Operator, left, right, problems);
    }

    private Operand? CompileMembership(Membership membership)
    {
        var item = Compile(membership.Item);
        if (membership.List is Call { Target: null, Function.Text: NamedListCalls.List } call)
        {
            return NamedListCalls.Compile(membership, item, call, this);
        }

        var list = Compile(membership.List);
        return (item, list) switch
        {
            (null, _) or (_, null) => null,
            (_, ListOperand items) => MembershipCompiler.Compile(membership.Place, item, items, problems),
            _ => problems.Reject(list.Place, $"'in' looks into a list, as in country in [\"BE\", \"NL\"] or list(\"name\"), but this is {ValueTypeText.One(list.Type)}"),
        };
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
                problems.Add(operand.Place, $"'{sign}' joins two conditions, but the {side} side is {ValueTypeText.One(operand.Type)}");
            }
        }

        return operands.Count == logic.Operands.Length ? LogicCompiler.Compile(logic.Place, logic.Operator, operands) : null;
    }

    private Operand? CompileConditional(Conditional conditional)
    {
        var condition = Compile(conditional.Condition);
        var then = Compile(conditional.Then);
        var otherwise = Compile(conditional.Otherwise);
        return condition is null || then is null || otherwise is null ? null : ConditionalCompiler.Compile(conditional, condition, then, otherwise, problems);
    }
}

using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Picks what compiles a binary operator by the types of its two sides, or says which side does not fit.</summary>
internal static class PairCompiler
{
    public static Operand? Arithmetic(Arithmetic arithmetic, Operand left, Operand right, Problems problems)
    {
        if (left is NumberOperand leftNumber && right is NumberOperand rightNumber)
        {
            return ArithmeticCompiler.Compile(arithmetic.Place, arithmetic.Operator, leftNumber, rightNumber, problems);
        }

        var type = TicksCompiler.Type(arithmetic.Operator, left.Type, right.Type);
        if (type != ValueType.None)
        {
            return TicksCompiler.Compile(arithmetic.Place, arithmetic.Operator, type, (TicksOperand)left, (TicksOperand)right, problems);
        }

        return (arithmetic.Operator, left, right) switch
        {
            (ArithmeticOperator.Add, TextOperand leftText, TextOperand rightText) => Join(arithmetic.Place, leftText, rightText, problems),
            (ArithmeticOperator.Add, ListOperand leftList, ListOperand rightList) => ListCompiler.Join(arithmetic.Place, leftList, rightList, problems),
            (ArithmeticOperator.Add, TextOperand or ListOperand, _) => Mismatch("'+' joins", left.Type, left, right, problems),
            _ => Unequal(arithmetic, left, right, problems),
        };
    }

    private static Operand? Unequal(Arithmetic arithmetic, Operand left, Operand right, Problems problems) =>
        Mismatch($"'{OperatorText.Of(arithmetic.Operator)}' takes", ValueType.Number, left, right, problems);

    private static Operand? Join(Place place, TextOperand left, TextOperand right, Problems problems) => (left.Literal, right.Literal) switch
    {
        ({ } leftLiteral, { } rightLiteral) => TextOperand.Fixed(place, leftLiteral + rightLiteral),
        _ => problems.Reject(place, "texts are joined only where both are literals; compare the parts one by one, or use startsWith and endsWith"),
    };

    public static Operand? Comparison(Place place, ComparisonOperator comparison, Operand left, Operand right, Problems problems)
    {
        var isEquality = comparison is ComparisonOperator.Equal or ComparisonOperator.NotEqual;
        return (left, right) switch
        {
            (NumberOperand leftNumber, NumberOperand rightNumber) => OrderCompiler.Compile(place, comparison, leftNumber, rightNumber),
            (TicksOperand leftTicks, TicksOperand rightTicks) when left.Type == right.Type => OrderCompiler.Compile(place, comparison, leftTicks, rightTicks),
            (BoolOperand leftBool, BoolOperand rightBool) when isEquality => OrderCompiler.Compile(place, comparison, leftBool, rightBool),
            (TextOperand leftText, TextOperand rightText) => isEquality
                ? Texts(place, comparison, leftText, rightText, problems)
                : TextCompiler.Order(place, comparison, leftText, rightText, problems),
            (ListOperand leftList, ListOperand rightList) when isEquality => ListCompiler.Equality(place, comparison == ComparisonOperator.Equal, leftList, rightList, problems),
            _ => Mismatch($"'{OperatorText.Of(comparison)}' compares", isEquality ? left.Type : Ordered(left, right), left, right, problems),
        };
    }

    /// <summary>Notes a literal that the field on the other side can never equal.</summary>
    public static bool CanBeEqual(TextOperand left, TextOperand right, Problems problems)
    {
        var (field, literal) = left.Literal is null ? (left, right) : (right, left);
        var problem = literal.Literal is { } text && field.Field != TransactionField.None ? FieldLiterals.Check(field.Field, text) : null;
        if (problem is not null)
        {
            problems.Add(literal.Place, problem);
        }

        return problem is null;
    }

    private static BoolOperand? Texts(Place place, ComparisonOperator comparison, TextOperand left, TextOperand right, Problems problems) =>
        CanBeEqual(left, right, problems) ? TextCompiler.Equality(place, comparison == ComparisonOperator.Equal, left, right) : null;

    /// <summary>The type that an ordering was probably meant for: that of the first side that has an order.</summary>
    private static ValueType Ordered(Operand left, Operand right) =>
        HasOrder(left.Type) ? left.Type : HasOrder(right.Type) ? right.Type : ValueType.Number;

    private static bool HasOrder(ValueType type) => type is ValueType.Number or ValueType.Text or ValueType.Duration or ValueType.Timestamp;

    private static Operand? Mismatch(string what, ValueType wanted, Operand left, Operand right, Problems problems)
    {
        var (side, operand) = left.Type == wanted ? ("right", right) : ("left", left);
        return problems.Reject(operand.Place, $"{what} {ValueTypeText.Two(wanted)}, but the {side} side is {ValueTypeText.One(operand.Type)}");
    }
}

using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Comparisons of two operands of the same type.</summary>
internal static class OrderCompiler
{
    public static BoolOperand Compile(Place place, ComparisonOperator comparison, NumberOperand left, NumberOperand right)
    {
        if (left.Constant is { } leftConstant && right.Constant is { } rightConstant)
        {
            return BoolOperand.Fixed(place, Holds(comparison, leftConstant.CompareTo(rightConstant)));
        }

        return new BoolOperand(place, left.Cost + right.Cost + Costs.Operation, comparison switch
        {
            ComparisonOperator.Equal => Numbers<Equal>(left, right),
            ComparisonOperator.NotEqual => Numbers<NotEqual>(left, right),
            ComparisonOperator.Less => Numbers<Less>(left, right),
            ComparisonOperator.LessOrEqual => Numbers<LessOrEqual>(left, right),
            ComparisonOperator.Greater => Numbers<Greater>(left, right),
            ComparisonOperator.GreaterOrEqual => Numbers<GreaterOrEqual>(left, right),
            ComparisonOperator.None => throw new ArgumentOutOfRangeException(nameof(comparison)),
        });
    }

    public static BoolOperand Compile(Place place, ComparisonOperator comparison, TicksOperand left, TicksOperand right)
    {
        if (left.Constant is { } leftConstant && right.Constant is { } rightConstant)
        {
            return BoolOperand.Fixed(place, Holds(comparison, leftConstant.CompareTo(rightConstant)));
        }

        return new BoolOperand(place, left.Cost + right.Cost + Costs.Operation, comparison switch
        {
            ComparisonOperator.Equal => Ticks<Equal>(left.Eval, right.Eval),
            ComparisonOperator.NotEqual => Ticks<NotEqual>(left.Eval, right.Eval),
            ComparisonOperator.Less => Ticks<Less>(left.Eval, right.Eval),
            ComparisonOperator.LessOrEqual => Ticks<LessOrEqual>(left.Eval, right.Eval),
            ComparisonOperator.Greater => Ticks<Greater>(left.Eval, right.Eval),
            ComparisonOperator.GreaterOrEqual => Ticks<GreaterOrEqual>(left.Eval, right.Eval),
            ComparisonOperator.None => throw new ArgumentOutOfRangeException(nameof(comparison)),
        });
    }

    /// <summary>Equal or not, of two conditions.</summary>
    public static BoolOperand Compile(Place place, ComparisonOperator comparison, BoolOperand left, BoolOperand right)
    {
        var (leftEval, rightEval) = (left.Eval, right.Eval);
        var wanted = comparison == ComparisonOperator.Equal;
        return new BoolOperand(place, left.Cost + right.Cost + Costs.Operation, evaluation =>
        {
            var leftTruth = leftEval(evaluation);
            var rightTruth = rightEval(evaluation);
            if (leftTruth > Truth.True || rightTruth > Truth.True)
            {
                return leftTruth > rightTruth ? leftTruth : rightTruth;
            }

            return Truths.Of((leftTruth == rightTruth) == wanted);
        });
    }

    public static bool Holds(ComparisonOperator comparison, int order) => comparison switch
    {
        ComparisonOperator.Equal => order == 0,
        ComparisonOperator.NotEqual => order != 0,
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        ComparisonOperator.GreaterOrEqual => order >= 0,
        ComparisonOperator.None => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };

    private static BoolEval Numbers<TOrder>(NumberOperand leftOperand, NumberOperand rightOperand)
        where TOrder : struct, IOrder
    {
        var (left, right) = (leftOperand.Eval, rightOperand.Eval);
        if (rightOperand.Constant is { } constant)
        {
            return evaluation =>
            {
                var status = left(evaluation, out var value);
                return status == ValueStatus.Ok ? Truths.Of(TOrder.Holds(decimal.Compare(value, constant))) : Truths.Without(status);
            };
        }

        return evaluation =>
        {
            var status = ValueStatuses.Worse(left(evaluation, out var leftValue), right(evaluation, out var rightValue));
            return status == ValueStatus.Ok ? Truths.Of(TOrder.Holds(decimal.Compare(leftValue, rightValue))) : Truths.Without(status);
        };
    }

    private static BoolEval Ticks<TOrder>(TicksEval left, TicksEval right)
        where TOrder : struct, IOrder => evaluation =>
        {
            var status = ValueStatuses.Worse(left(evaluation, out var leftTicks), right(evaluation, out var rightTicks));
            return status == ValueStatus.Ok ? Truths.Of(TOrder.Holds(leftTicks.CompareTo(rightTicks))) : Truths.Without(status);
        };
}

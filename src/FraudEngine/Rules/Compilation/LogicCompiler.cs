using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Four-valued logic. In <c>&amp;&amp;</c> False wins over everything, then Error, then Missing; in <c>||</c> the same with True.
/// So the order of the operands never changes the result (as in CEL), and the cheap ones are tried first.
/// </summary>
internal static class LogicCompiler
{
    public static BoolOperand Compile(Place place, LogicalOperator logicalOperator, IReadOnlyList<BoolOperand> operands)
    {
        var deciding = logicalOperator == LogicalOperator.And ? Truth.False : Truth.True;
        double cost = Costs.Operation;
        var open = new List<BoolOperand>();
        foreach (var operand in operands)
        {
            if (operand.Constant == deciding)
            {
                return BoolOperand.Fixed(place, deciding == Truth.True);
            }

            if (operand.Constant == Truth.None)
            {
                open.Add(operand);
                cost += operand.Cost;
            }
        }

        return open.Count switch
        {
            0 => BoolOperand.Fixed(place, deciding == Truth.False),
            1 => open[0] with { Place = place },
            _ => new BoolOperand(place, cost, Chain([.. open.OrderBy(static operand => operand.Cost).Select(static operand => operand.Eval)], deciding)),
        };
    }

    public static BoolOperand Negate(Place place, BoolOperand operand)
    {
        if (operand.Constant != Truth.None)
        {
            return BoolOperand.Fixed(place, operand.Constant == Truth.False);
        }

        var inner = operand.Eval;
        return new BoolOperand(place, operand.Cost, evaluation => Truths.Negate(inner(evaluation)));
    }

    private static BoolEval Chain(BoolEval[] operands, Truth deciding)
    {
        var neutral = Truths.Negate(deciding);
        return evaluation =>
        {
            // Missing and Error are the greatest of the enum, in this order.
            var undecided = neutral;
            foreach (var operand in operands)
            {
                var truth = operand(evaluation);
                if (truth == deciding)
                {
                    return deciding;
                }

                if (truth > Truth.True && truth > undecided)
                {
                    undecided = truth;
                }
            }

            return undecided;
        };
    }
}

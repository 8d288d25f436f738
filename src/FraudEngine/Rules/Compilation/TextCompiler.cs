using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Whether two texts are equal. Fields are compared as bytes; what a window remembers is a <see cref="TextKey"/>, and is compared with
/// the key of the other side.
/// </summary>
internal static class TextCompiler
{
    public static BoolOperand Compile(Place place, bool wanted, TextOperand left, TextOperand right)
    {
        if (left.Literal is not null && right.Literal is not null)
        {
            return BoolOperand.Fixed(place, (left.Literal == right.Literal) == wanted);
        }

        var eval = (left, right) switch
        {
            ({ IsField: true }, { Literal: { } literal }) => FieldIn(left.Field, [literal], wanted),
            ({ Literal: { } literal }, { IsField: true }) => FieldIn(right.Field, [literal], wanted),
            ({ IsField: true }, { IsField: true }) => Fields(left.Field, right.Field, wanted),
            _ => Keys(Key(left), Key(right), wanted),
        };
        return new BoolOperand(place, left.Cost + right.Cost + Costs.Operation, eval);
    }

    /// <summary>Whether a field is one of some literals (wanted) or none of them.</summary>
    public static BoolEval FieldIn(TransactionField field, string[] literals, bool wanted)
    {
        var (found, notFound) = (Truths.Of(wanted), Truths.Of(!wanted));
        if (literals.Length == 1)
        {
            var only = Encoding.UTF8.GetBytes(literals[0]);
            return evaluation =>
            {
                var text = evaluation.Transaction.Text(field);
                return text.IsEmpty ? Truth.Missing : text.SequenceEqual(only) ? found : notFound;
            };
        }

        var all = Array.ConvertAll(literals, Encoding.UTF8.GetBytes);
        return evaluation =>
        {
            var text = evaluation.Transaction.Text(field);
            if (text.IsEmpty)
            {
                return Truth.Missing;
            }

            foreach (var literal in all)
            {
                if (text.SequenceEqual(literal))
                {
                    return found;
                }
            }

            return notFound;
        };
    }

    private static BoolEval Fields(TransactionField left, TransactionField right, bool wanted) => evaluation =>
    {
        var leftText = evaluation.Transaction.Text(left);
        var rightText = evaluation.Transaction.Text(right);
        return leftText.IsEmpty || rightText.IsEmpty ? Truth.Missing : Truths.Of(leftText.SequenceEqual(rightText) == wanted);
    };

    private static BoolEval Keys(KeyEval left, KeyEval right, bool wanted) => evaluation =>
    {
        var status = ValueStatuses.Worse(left(evaluation, out var leftKey), right(evaluation, out var rightKey));
        return status == ValueStatus.Ok ? Truths.Of((leftKey == rightKey) == wanted) : Truths.Without(status);
    };

    private static KeyEval Key(TextOperand operand)
    {
        var (field, slot) = (operand.Field, operand.Slot);
        var constant = operand.Literal is null ? default : TextKey.Of(operand.Literal);

        ValueStatus OfLiteral(RuleEvaluation evaluation, out TextKey key)
        {
            key = constant;
            return ValueStatus.Ok;
        }

        ValueStatus OfField(RuleEvaluation evaluation, out TextKey key)
        {
            key = evaluation.Key(field);
            return key.IsNone ? ValueStatus.Missing : ValueStatus.Ok;
        }

        ValueStatus OfWindow(RuleEvaluation evaluation, out TextKey key) => ValueStatuses.Of(evaluation.Windows.Text(slot, out key));

        return operand.Literal is not null ? OfLiteral : operand.IsField ? OfField : OfWindow;
    }
}

using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Compares two texts. Where both are known as bytes, by these: UTF-8 is ordered as its code points are. What a window remembers is a
/// <see cref="TextKey"/>, and can only be compared with the key of the other side for equality.
/// </summary>
internal static class TextCompiler
{
    public static BoolOperand Equality(Place place, bool wanted, TextOperand left, TextOperand right)
    {
        if (left.Literal is not null && right.Literal is not null)
        {
            return BoolOperand.Fixed(place, (left.Literal == right.Literal) == wanted);
        }

        var eval = (left, right) switch
        {
            ({ IsField: true }, { Literal: { } literal }) => FieldIn(left.Field, [literal], wanted),
            ({ Literal: { } literal }, { IsField: true }) => FieldIn(right.Field, [literal], wanted),
            ({ Bytes: { } leftBytes }, { Bytes: { } rightBytes }) => Bytes(leftBytes, rightBytes, wanted),
            _ => Keys(left.Key, right.Key, wanted),
        };
        return new BoolOperand(place, left.Cost + right.Cost + Costs.Operation, eval);
    }

    public static Operand? Order(Place place, ComparisonOperator comparison, TextOperand left, TextOperand right, Problems problems)
    {
        if (left.Bytes is not { } leftBytes || right.Bytes is not { } rightBytes)
        {
            return problems.Reject((left.Bytes is null ? left : right).Place, KeyOnly($"'{OperatorText.Of(comparison)}'"));
        }

        if (left.Literal is { } leftLiteral && right.Literal is { } rightLiteral)
        {
            return BoolOperand.Fixed(place, OrderCompiler.Holds(comparison, Encoding.UTF8.GetBytes(leftLiteral).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(rightLiteral))));
        }

        return new BoolOperand(place, left.Cost + right.Cost + Costs.Text, evaluation =>
        {
            var status = ValueStatuses.Worse(leftBytes(evaluation, out var leftText), rightBytes(evaluation, out var rightText));
            return status == ValueStatus.Ok ? Truths.Of(OrderCompiler.Holds(comparison, leftText.SequenceCompareTo(rightText))) : Truths.Without(status);
        });
    }

    /// <summary>Why a text from a window can't be used so.</summary>
    public static string KeyOnly(string what) =>
        $"{what} needs a text of the transaction itself: of the texts in a window only enough is kept to compare them with ==, != and in";

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

    private static BoolEval Bytes(TextEval left, TextEval right, bool wanted) => evaluation =>
    {
        var status = ValueStatuses.Worse(left(evaluation, out var leftText), right(evaluation, out var rightText));
        return status == ValueStatus.Ok ? Truths.Of(leftText.SequenceEqual(rightText) == wanted) : Truths.Without(status);
    };

    private static BoolEval Keys(KeyEval left, KeyEval right, bool wanted) => evaluation =>
    {
        var status = ValueStatuses.Worse(left(evaluation, out var leftKey), right(evaluation, out var rightKey));
        return status == ValueStatus.Ok ? Truths.Of((leftKey == rightKey) == wanted) : Truths.Without(status);
    };
}

using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary><c>x in [a, b]</c>, which is <c>x == a || x == b</c>, and <c>x in list("name")</c>.</summary>
internal static class MembershipCompiler
{
    public static Operand? Compile(Place place, Operand item, ListOperand list, Problems problems) => ListCompiler.Each(place, list, part => Fixed(place, item, part, problems), item);

    /// <summary>Whether a text is an entry of a named list at the time of the transaction.</summary>
    public static BoolOperand Named(Place place, TextOperand item, int slot)
    {
        var key = item.Key;
        return new BoolOperand(place, item.Cost + Costs.NamedList, evaluation =>
        {
            var status = key(evaluation, out var text);
            return status == ValueStatus.Ok
                ? Truths.Of(evaluation.Lists[slot].Contains(text, evaluation.Transaction.TimestampTicks))
                : Truths.Without(status);
        });
    }

    private static BoolOperand? Fixed(Place place, Operand item, ListOperand list, Problems problems)
    {
        if (item is ListOperand { Choice: not null })
        {
            problems.Add(item.Place, "a list that is looked for in a list must be written out");
            return null;
        }

        var equalities = new List<BoolOperand>(list.Items.Length);
        var literals = new List<string>(list.Items.Length);
        foreach (var member in list.Items)
        {
            if (member.Type != item.Type)
            {
                problems.Add(member.Place, $"'in' looks for {ValueTypeText.One(item.Type)}, but this is {ValueTypeText.One(member.Type)}");
            }
            else if (PairCompiler.Comparison(member.Place, ComparisonOperator.Equal, item, member, problems) is BoolOperand equality)
            {
                equalities.Add(equality);
                if (member is TextOperand { Literal: { } literal })
                {
                    literals.Add(literal);
                }
            }
        }

        if (equalities.Count < list.Items.Length)
        {
            return null;
        }

        return item is TextOperand { IsField: true } text && literals.Count == equalities.Count && literals.Count > 0
            ? new BoolOperand(place, Costs.Field + Costs.Operation + (literals.Count / Costs.TextsPerOperation), TextCompiler.FieldIn(text.Field, [.. literals], wanted: true))
            : LogicCompiler.Compile(place, LogicalOperator.Or, equalities);
    }
}

using FraudEngine.Domain;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>Names that stand for values: the fields of the transaction.</summary>
internal static class Names
{
    public static Operand? Compile(Name name, ExpressionCompiler compiler)
    {
        if (Fields.ByName.TryGetValue(name.Text, out var field))
        {
            return Fields.Compile(field, name.Place);
        }

        if (ChosenName.Is(name, compiler.Scope))
        {
            return ChosenName.Compile(name, compiler);
        }

        var problems = compiler.Problems;
        if (EntityNames.KindOf(name) is var kind and not EntityKind.None)
        {
            return !EntityNames.IsConfigured(kind, name.Place, compiler) ? null : problems.Reject(name.Place, $"{name.Text} has no value of its own; it stands in window functions, as in count({name.Text}, 1h)");
        }

        if (name.Text is LabelCalls.Fraud)
        {
            return problems.Reject(name.Place, LabelCalls.Misplaced);
        }

        if (name.Text is "null")
        {
            return problems.Reject(name.Place, "there is no null; has(country) tells whether a field is given");
        }

        return Functions.IsFunction(name.Text)
            ? problems.Reject(name.Place, $"{name.Text} is a function and needs its arguments in parentheses")
            : problems.Reject(name.Place, $"there is no field '{Excerpt.Of(name.Text)}'{NearestName.Hint(name.Text, Fields.ByName.Keys)}");
    }

    public static Operand? Compile(Member member, ExpressionCompiler compiler)
    {
        var problems = compiler.Problems;
        if (member.Of is Name name && EntityNames.KindOf(name) is var kind and not EntityKind.None)
        {
            return OfEntity(member, name, kind, compiler);
        }

        if (member.Of is Name unknown && !Fields.ByName.ContainsKey(unknown.Text))
        {
            return problems.Reject(unknown.Place, $"there is no '{Excerpt.Of(unknown.Text)}' with fields{NearestName.Hint(unknown.Text, compiler.Scope.Entities.Names)}");
        }

        return Functions.IsMethod(member.Part.Text)
            ? problems.Reject(member.Part.Place, $"{member.Part.Text} is a method and needs its arguments in parentheses")
            : problems.Reject(member.Part.Place, $"there is no field '{Excerpt.Of(member.Part.Text)}' here: only an entity has fields, as in avg(account.amount, 30d)");
    }

    private static Operand? OfEntity(Member member, Name name, EntityKind kind, ExpressionCompiler compiler)
    {
        var (scope, problems) = (compiler.Scope, compiler.Problems);
        if (kind == scope.Filtered)
        {
            // In a filter the prefix may stand or not.
            return Compile(member.Part, compiler);
        }

        if (!EntityNames.IsConfigured(kind, name.Place, compiler))
        {
            return null;
        }

        return scope.IsFilter
            ? problems.Reject(name.Place, $"this is a condition on the transactions of {EntityKinds.NameOf(scope.Filtered)}, so it can't look at {name.Text}; a field of theirs needs no name before it")
            : problems.Reject(member.Place, LabelCalls.IsFraud(member) ? LabelCalls.Misplaced : $"a field of {name.Text} stands only in window functions, as in avg({name.Text}.amount, 30d)");
    }
}

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

        var problems = compiler.Problems;
        if (compiler.Scope.FindEntity(name.Text) is { Kind: var kind })
        {
            return problems.Reject(name.Place, $"{kind} has no value of its own; it stands in window functions, as in count({kind}, 1h)");
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
        if (member.Of is Name name && compiler.Scope.FindEntity(name.Text) is { Kind: var kind })
        {
            // In a filter the prefix may stand or not.
            return compiler.Scope.IsFilter
                ? Compile(member.Part, compiler)
                : problems.Reject(member.Place, $"a field of {kind} stands only in window functions, as in avg({kind}.amount, 30d)");
        }

        if (member.Of is Name unknown && !Fields.ByName.ContainsKey(unknown.Text))
        {
            var entity = compiler.Scope.Entity.Kind;
            return problems.Reject(unknown.Place, $"there is no '{Excerpt.Of(unknown.Text)}' with fields{NearestName.Hint(unknown.Text, [entity])}");
        }

        return Functions.IsMethod(member.Part.Text)
            ? problems.Reject(member.Part.Place, $"{member.Part.Text} is a method and needs its arguments in parentheses")
            : problems.Reject(member.Part.Place, $"there is no field '{Excerpt.Of(member.Part.Text)}' here: only {compiler.Scope.Entity.Kind} has fields");
    }
}

using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary><c>merchantId in list("blocked-merchants")</c>.</summary>
internal static class NamedListCalls
{
    public const string List = "list";

    private const string Form = "a named list stands on the right of 'in', as in merchantId in list(\"blocked-merchants\")";

    public static Operand? Misplaced(Call call, ExpressionCompiler compiler) => compiler.Problems.Reject(call.Place, Form);

    public static Operand? Compile(Membership membership, Operand? item, Call call, ExpressionCompiler compiler)
    {
        var problems = compiler.Problems;
        if (compiler.Scope.Lists is not { } lists)
        {
            return problems.Reject(call.Place, "a filter can't ask a named list: the list changes, but what a window has counted does not");
        }

        var name = ReadName(call, lists, problems);
        if (item is not (null or TextOperand))
        {
            problems.Add(item.Place, $"a named list holds texts, but this is {ValueTypeText.One(item.Type)}");
        }

        return name is not null && item is TextOperand text ? MembershipCompiler.Named(membership.Place, text, lists.Slot(name)) : null;
    }

    private static string? ReadName(Call call, ListSlots lists, Problems problems)
    {
        if (call.Arguments is not [TextLiteral literal])
        {
            problems.Add(call.Place, $"list takes the name of a list between quotes: {Form}");
            return null;
        }

        if (!KebabName.IsOne(literal.Value))
        {
            problems.Add(literal.Place, $"the name of a list takes {KebabName.Form}, but found '{Excerpt.Of(literal.Value)}'");
            return null;
        }

        if (lists.Known is { } known && !known.Contains(literal.Value))
        {
            problems.Add(
                literal.Place,
                $"there is no list '{literal.Value}'{NearestName.Hint(literal.Value, known)}; make it with PUT /v1/lists/{literal.Value} or a file config/lists/{literal.Value}.txt");
            return null;
        }

        return literal.Value;
    }
}

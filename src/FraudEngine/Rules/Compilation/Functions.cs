using System.Collections.Frozen;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Rules.Compilation;

/// <summary>All functions and methods of the language by their names.</summary>
internal static class Functions
{
    private static readonly FrozenDictionary<string, Func<Call, ExpressionCompiler, Operand?>> All = new Dictionary<string, Func<Call, ExpressionCompiler, Operand?>>(
        WindowCalls.Names.Select(static name => KeyValuePair.Create<string, Func<Call, ExpressionCompiler, Operand?>>(name, WindowCalls.Compile)))
    {
        ["since"] = EarlierCalls.Since,
        ["rate"] = LabelCalls.Rate,
        ["since_first"] = LabelCalls.SinceFirst,
        ["distance_km"] = EarlierCalls.Distance,
        ["speed_kmh"] = EarlierCalls.Speed,
        ["hour"] = ClockCalls.Compile,
        ["weekday"] = ClockCalls.Compile,
        ["timestamp"] = LiteralCalls.Timestamp,
        ["duration"] = LiteralCalls.Duration,
        ["has"] = Has,
        ["size"] = TextFunctions.Size,
        ["matches"] = TextFunctions.Matches,
        [NamedListCalls.List] = NamedListCalls.Misplaced,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Func<Call, ExpressionCompiler, Operand?>> Methods = new Dictionary<string, Func<Call, ExpressionCompiler, Operand?>>(
        ClockMethods.Names.Select(static name => KeyValuePair.Create<string, Func<Call, ExpressionCompiler, Operand?>>(name, ClockMethods.Compile)))
    {
        ["startsWith"] = TextFunctions.Compare,
        ["endsWith"] = TextFunctions.Compare,
        ["contains"] = TextFunctions.Compare,
        ["matches"] = TextFunctions.Matches,
        ["size"] = TextFunctions.Size,
    }.ToFrozenDictionary();

    public static bool IsFunction(string name) => All.ContainsKey(name);

    public static bool IsMethod(string name) => Methods.ContainsKey(name);

    public static Operand? Compile(Call call, ExpressionCompiler compiler)
    {
        var name = call.Function;
        if ((call.Target is null ? All : Methods).TryGetValue(name.Text, out var compile))
        {
            return compile(call, compiler);
        }

        return call.Target is null
            ? compiler.Problems.Reject(name.Place, IsMethod(name.Text)
                ? $"{name.Text} is a method: it stands behind what it is asked of, as in {MethodExample(name.Text)}"
                : $"there is no function '{Excerpt.Of(name.Text)}'{NearestName.Hint(name.Text, All.Keys)}")
            : compiler.Problems.Reject(name.Place, IsFunction(name.Text)
                ? $"{name.Text} is a function: what it takes stands in its parentheses"
                : $"there is no method '{Excerpt.Of(name.Text)}'{NearestName.Hint(name.Text, Methods.Keys)}");
    }

    private static string MethodExample(string name) => ClockMethods.Names.Contains(name) ? $"timestamp.{name}()" : $"merchantId.{name}(\"AB\")";

    private static Operand? Has(Call call, ExpressionCompiler compiler)
    {
        var argument = call.Arguments.Length == 1 ? call.Arguments[0] : null;
        var field = argument switch
        {
            Name name => name,
            Member { Of: Name of } member when compiler.Scope.IsFilter && EntityNames.KindOf(of) == compiler.Scope.Filtered => member.Part,
            _ => null,
        };
        if (field is null || ChosenName.Is(field, compiler.Scope))
        {
            return compiler.Problems.Reject(argument?.Place ?? call.Place, "has takes a field of the transaction, as in has(country)");
        }

        return Fields.ByName.TryGetValue(field.Text, out var known)
            ? Fields.Has(known, call.Place)
            : Names.Compile(field, compiler);
    }
}

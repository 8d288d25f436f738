using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Explanation;
using FraudEngine.Rules.Lists;
using FraudEngine.Rules.Yaml;
using FraudEngine.Windows;
using YamlDotNet.Core;

namespace FraudEngine.Tests.Rules;

/// <summary>Evaluates expressions of any type, without a rule around them.</summary>
internal static class Expressions
{
    /// <summary>What the tables' expressions look at. It has no device, no counterparty, no terminal and no position.</summary>
    public const string Payment = "amount=10 country=BE channel=online merchantId=AB-12345 merchantCategory=5411 ipAddress=10.0.0.1";

    private static readonly NamedLists Lists = NamedLists.Empty
        .With(1, new NamedList("blocked-merchants").With([new ListChange(TextKey.Of("AB-12345"), ListChange.Never), new ListChange(TextKey.Of("gone"), 1)]))
        .With(2, new NamedList("countries").With([new ListChange(TextKey.Of("FR"), ListChange.Never)]));

    /// <summary>
    /// The value as text; <c>missing: …</c> or <c>error: …</c> with the reason; or where it does not compile, its problems as <c>column: message</c>.
    /// </summary>
    public static string Result(string expression, string payment = Payment, params string[] earlier)
    {
        var (explanation, problems) = Evaluate(expression, payment, earlier);
        return explanation is null
            ? string.Join(" | ", problems.Found.Select(static problem => $"{problem.Place.Start + 1}: {problem.Message}"))
            : explanation.Status == ExpressionStatus.Ok ? explanation.Value! : $"{explanation.Status.ToString().ToLowerInvariant()}: {explanation.Reason}";
    }

    public static (ExpressionExplanation? Explanation, Problems Problems) Evaluate(string expression, string payment, params string[] earlier) =>
        Evaluate(expression, null, payment, earlier);

    /// <param name="entities">The kinds that are configured; null where all are.</param>
    public static (ExpressionExplanation? Explanation, Problems Problems) Evaluate(string expression, IReadOnlySet<EntityKind>? entities, string payment, params string[] earlier)
    {
        var windows = new EntitySlots(WindowSettings.Default, entities);
        var lists = new ListSlots(Lists.Lists.Keys.ToHashSet());
        var problems = new Problems();
        var trace = new ExpressionTrace();
        try
        {
            new ExpressionCompiler(new Scope(windows, lists), problems, trace).Compile(FraudEngine.Rules.Syntax.Parser.Parse(expression));
        }
        catch (FraudEngine.Rules.Syntax.ExpressionException exception)
        {
            problems.Add(exception.Place, exception.Message);
        }

        if (problems.Found.Count > 0)
        {
            return (null, problems);
        }

        var plans = windows.Plans();
        var history = new EventHistory(plans[EntityKind.Account]);
        foreach (var fields in earlier)
        {
            history.Add(Given.Transaction(fields));
        }

        var transaction = Given.Transaction(payment);
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, transaction);
        var evaluation = new RuleEvaluation();
        evaluation.Begin(transaction, reader, [.. lists.Names.Select(Lists.Find)], Entities.After(earlier.Select(Given.Transaction), transaction, plans));
        var text = new ConditionText(new SourceText(expression), new YamlScalar(0, expression.Length, expression, ScalarStyle.Plain, ""));
        return (new Explainer(text, evaluation, null).Explain(trace.Root!), problems);
    }

    /// <summary>The lines of a table, each an expression, an arrow and what it comes to.</summary>
    public static TheoryData<string, string> Table(string text)
    {
        var rows = new TheoryData<string, string>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(static line => line[0] != '#'))
        {
            var arrow = line.LastIndexOf("=>", StringComparison.Ordinal);
            rows.Add(line[..arrow].TrimEnd(), line[(arrow + 2)..].Trim());
        }

        return rows;
    }
}

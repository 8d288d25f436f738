using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>Short ways to write down transactions and rule sets.</summary>
internal static class Given
{
    /// <summary>
    /// A transaction from text such as <c>amount=12.50 country=BE</c>. Without a timestamp it comes at noon UTC of 2026-03-04, a Wednesday.
    /// </summary>
    public static Transaction Transaction(string fields)
    {
        var transaction = new Transaction();
        var builder = new TransactionBuilder();
        builder.Start(transaction);
        Set(builder, "transactionId", "t1");
        foreach (var field in fields.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = field.Split('=', 2);
            Set(builder, parts[0], parts[1]);
        }

        SetWhereMissing(builder, "accountId", "a1");
        SetWhereMissing(builder, "timestamp", "2026-03-04T12:00:00Z");
        SetWhereMissing(builder, "amount", "10");
        return builder.Finish("EUR"u8);
    }

    /// <summary>A set of one rule with the id <c>rule</c>; the condition stands on line 6 from column 11 on.</summary>
    public static string Yaml(string when) => $$"""
        name: test
        version: 1
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - id: rule
            when: {{when}}
            score: 0.4
            text: A reason
        """;

    public static RuleSet Set(string when) => RuleSet.Parse(Yaml("'" + when.Replace("'", "''", StringComparison.Ordinal) + "'"), "rules.yaml", WindowSettings.Default);

    /// <summary>The result of a condition for a transaction whose windows are never asked.</summary>
    public static RuleResult Result(string when, string fields)
    {
        var evaluation = new RuleEvaluation();
        var set = Set(when);
        evaluation.Begin(Transaction(fields), new WindowReader(set.Windows), []);
        set.Evaluate(evaluation);
        return evaluation.Results[0];
    }

    private static void SetWhereMissing(TransactionBuilder builder, string name, string text)
    {
        if (!builder.IsGiven(Enum.Parse<TransactionField>(name, ignoreCase: true)))
        {
            Set(builder, name, text);
        }
    }

    private static void Set(TransactionBuilder builder, string name, string text)
    {
        var field = Enum.Parse<TransactionField>(name, ignoreCase: true);
        var bytes = Encoding.UTF8.GetBytes(text);
        var problem = field is TransactionField.Amount or TransactionField.Latitude or TransactionField.Longitude
            ? builder.SetNumber(field, bytes)
            : builder.SetText(field, bytes);
        Assert.Equal(FieldProblem.None, problem);
    }
}

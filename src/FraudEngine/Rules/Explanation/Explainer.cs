using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;
using FraudEngine.Rules.Yaml;
using ValueType = FraudEngine.Rules.Compilation.ValueType;

namespace FraudEngine.Rules.Explanation;

/// <summary>Evaluates each part of one condition by itself. That is the same as within the whole, since evals depend on nothing else.</summary>
internal sealed class Explainer(ConditionText text, RuleEvaluation evaluation, Func<TextKey, string?>? nameOf)
{
    public ExpressionExplanation Explain(TracedExpression traced)
    {
        var parts = traced.Parts.Select(Explain).ToArray();
        var status = new OperandText(evaluation, nameOf).Read(traced.Operand, isItem: false, out var value);
        var place = traced.Node.Place;
        var (line, column) = text.At(place.Start);
        return new ExpressionExplanation(
            text.Value[place.Start..place.End],
            line,
            column,
            TypeText(traced.Operand.Type),
            Status(status),
            status == ValueStatus.Ok ? value : null,
            status == ValueStatus.Ok ? null : Reason(traced.Node, Status(status), parts),
            [.. parts]);
    }

    private static ExpressionStatus Status(ValueStatus status) => status switch
    {
        ValueStatus.Ok => ExpressionStatus.Ok,
        ValueStatus.Missing => ExpressionStatus.Missing,
        ValueStatus.None or ValueStatus.Error => ExpressionStatus.Error,
    };

    private static string TypeText(ValueType type) => type switch
    {
        ValueType.None => "",
        ValueType.Number => "number",
        ValueType.Text => "text",
        ValueType.Bool => "condition",
        ValueType.Duration => "duration",
        ValueType.Timestamp => "timestamp",
        ValueType.List => "list",
    };

    private string Reason(Expression node, ExpressionStatus status, ExpressionExplanation[] parts)
    {
        if (node is Conditional)
        {
            return (parts[0].Status != ExpressionStatus.Ok ? parts[0] : parts[0].Value == "true" ? parts[1] : parts[2]).Reason!;
        }

        return Array.Find(parts, part => part.Status == status)?.Reason
            ?? (status == ExpressionStatus.Missing ? WhyMissing(node) : WhyError(node, parts));
    }

    private string WhyMissing(Expression node) => node switch
    {
        Call when VisitedIn(node) is var kind and not EntityKind.None && evaluation.Transaction.Text(EntityKinds.FieldOf(kind)).IsEmpty =>
            $"the transaction has no {TransactionFieldText.NameOf(EntityKinds.FieldOf(kind))}",
        Name name => $"the transaction has no {name.Text}",
        Call { Function.Text: "same", Arguments: [Member of, ..] } => $"the transaction has no {of.Part.Text}",
        Call { Function.Text: "distance_km" or "speed_kmh" } => "this transaction has no position, or no earlier one in the window has one",
        Call { Arguments: [var of, ..] } when LabelCalls.IsFraud(of) => "the window holds no known fraud",
        Call { Function.Text: "avg" or "min" or "max" } => "the window holds no transaction",
        _ => "no earlier transaction in the window has it",
    };

    private string WhyError(Expression node, ExpressionExplanation[] parts) => node switch
    {
        Arithmetic { Operator: ArithmeticOperator.Divide or ArithmeticOperator.Modulo } when parts[1].Value == "0" => "division by zero",
        Arithmetic when parts[0].Type == "number" => "the result is too large",
        Arithmetic => "the result is out of range",
        Call when VisitedIn(node) is var kind and not EntityKind.None && evaluation.Entities[kind].IsUnanswered => $"the {EntityKinds.NameOf(kind)} did not answer in time",
        _ => "the window reaches behind what is kept",
    };

    /// <summary>The entity, other than the account, that a window function looks at; else None.</summary>
    private static EntityKind VisitedIn(Expression node) => EntityNames.FirstIn(node) is var kind and not EntityKind.Account ? kind : EntityKind.None;
}

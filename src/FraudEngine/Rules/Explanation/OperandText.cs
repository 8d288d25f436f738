using System.Text;
using FraudEngine.Domain;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Syntax;
using ValueType = FraudEngine.Rules.Compilation.ValueType;

namespace FraudEngine.Rules.Explanation;

/// <summary>The values of operands in words.</summary>
internal sealed class OperandText(RuleEvaluation evaluation, Func<TextKey, string?>? nameOf)
{
    /// <param name="isItem">In a list texts stand between quotes.</param>
    public ValueStatus Read(Operand operand, bool isItem, out string value)
    {
        switch (operand)
        {
            case BoolOperand condition:
                var truth = condition.Eval(evaluation);
                value = truth == Truth.True ? "true" : "false";
                return Truths.StatusOf(truth);
            case NumberOperand number:
                var numberStatus = number.Eval(evaluation, out var amount);
                value = NumberText.Of(amount);
                return numberStatus;
            case TicksOperand ticks:
                var ticksStatus = ticks.Eval(evaluation, out var at);
                value = ticksStatus != ValueStatus.Ok ? "" : ticks.Type == ValueType.Duration ? DurationText.InParts(at) : TimestampText.Format(at);
                return ticksStatus;
            case TextOperand text:
                var textStatus = ReadText(text, out value);
                value = isItem ? $"\"{value}\"" : value;
                return textStatus;
            case ListOperand list:
                return ReadList(list, out value);
            default:
                throw new ArgumentOutOfRangeException(nameof(operand));
        }
    }

    private ValueStatus ReadText(TextOperand text, out string value)
    {
        if (text.Bytes is { } bytes)
        {
            var bytesStatus = bytes(evaluation, out var utf8);
            value = Encoding.UTF8.GetString(utf8);
            return bytesStatus;
        }

        var status = text.Key(evaluation, out var key);
        value = key.IsInline ? key.ToString() : nameOf?.Invoke(key) ?? key.ToString();
        return status;
    }

    private ValueStatus ReadList(ListOperand list, out string value)
    {
        if (list.Choice is { } choice)
        {
            var truth = choice.Condition.Eval(evaluation);
            value = "";
            return truth > Truth.True ? Truths.StatusOf(truth) : ReadList(truth == Truth.True ? choice.Then : choice.Otherwise, out value);
        }

        var worst = ValueStatus.Ok;
        var items = new List<string>(list.Items.Length);
        foreach (var item in list.Items)
        {
            var status = Read(item, isItem: true, out var itemValue);
            worst = ValueStatuses.Worse(worst, status);
            items.Add(itemValue);
        }

        value = $"[{string.Join(", ", items)}]";
        return worst;
    }
}

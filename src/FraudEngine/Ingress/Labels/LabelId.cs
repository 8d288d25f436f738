using FraudEngine.Domain;

namespace FraudEngine.Ingress.Labels;

/// <summary>One of a label's two ids while the label is read: what a transaction's id may be.</summary>
internal sealed class LabelId(TransactionField field)
{
    public TransactionField Field { get; } = field;

    public string Name { get; } = TransactionFieldText.NameOf(field);

    public bool IsGiven { get; private set; }

    /// <summary>UTF-8; empty where it was not given, or is wrong.</summary>
    public byte[] Text { get; private set; } = [];

    public void Clear()
    {
        IsGiven = false;
        Text = [];
    }

    /// <summary>What is wrong with it.</summary>
    public FieldProblem Set(ReadOnlySpan<byte> text)
    {
        var problem = SetWrong(TransactionBuilder.CheckId(text));
        if (problem == FieldProblem.None)
        {
            Text = text.ToArray();
        }

        return problem;
    }

    /// <summary>Counts it as given; what is wrong with it, if only that it was given before.</summary>
    public FieldProblem SetWrong(FieldProblem problem)
    {
        var isTwice = IsGiven;
        IsGiven = true;
        return isTwice ? FieldProblem.GivenTwice : problem;
    }
}

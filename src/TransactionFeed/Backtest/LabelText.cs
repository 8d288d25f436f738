using FraudEngine.Trials;
using TransactionFeed.Input;

namespace TransactionFeed.Backtest;

/// <summary>How files say what a transaction turned out to be.</summary>
internal static class LabelText
{
    /// <summary>The column's or field's name.</summary>
    public const string Field = "fraud";

    /// <summary>Reads <c>1</c>, <c>0</c>, <c>true</c>, <c>false</c>, or nothing for not known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Label label)
    {
        var isRight = FraudText.TryRead(text, out var isFraud);
        label = isFraud switch { null => Label.None, true => Label.Fraud, false => Label.Genuine };
        return isRight;
    }
}

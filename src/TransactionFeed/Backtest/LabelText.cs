using FraudEngine.Trials;

namespace TransactionFeed.Backtest;

/// <summary>How files say what a transaction turned out to be.</summary>
internal static class LabelText
{
    /// <summary>The column's or field's name.</summary>
    public const string Field = "fraud";

    /// <summary>Reads <c>1</c>, <c>0</c>, <c>true</c>, <c>false</c>, or nothing for not known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out Label label)
    {
        label = text.Length == 0 ? Label.None : text is [(byte)'1'] || text.SequenceEqual("true"u8) || text.SequenceEqual("True"u8) ? Label.Fraud : Label.Genuine;
        return label != Label.Genuine || text is [(byte)'0'] || text.SequenceEqual("false"u8) || text.SequenceEqual("False"u8);
    }
}

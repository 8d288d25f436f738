namespace FraudEngine.Domain;

/// <summary>How a language writes the fields of a transaction within a text.</summary>
/// <param name="DecimalSign">Between the whole and the hundredths of an amount.</param>
/// <param name="Unknown">For a field that is not given.</param>
internal sealed record FieldWords(byte DecimalSign, byte[] Unknown)
{
    /// <summary>Also that of each language that is not known here.</summary>
    public static FieldWords English { get; } = new((byte)'.', [.. "unknown"u8]);

    private static readonly FieldWords German = new((byte)',', [.. "unbekannt"u8]);

    /// <param name="language">By its code of two small letters.</param>
    public static FieldWords Of(string language) => language == "de" ? German : English;
}

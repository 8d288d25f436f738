using System.Globalization;
using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Ingress;

/// <summary>What is wrong with texts in bodies, in words; null where nothing is.</summary>
internal static class BodyText
{
    /// <summary>In UTF-8: a note on a case.</summary>
    public const int NoteBytesMax = 4096;

    private const int ReasonCharactersMax = 256;

    /// <summary>An id, or the name of somebody: as a transaction's ids.</summary>
    public static string? CheckId(string text)
    {
        var problem = TransactionBuilder.CheckId(Encoding.UTF8.GetBytes(text));
        return problem == FieldProblem.None ? null : TransactionProblems.Describe(TransactionField.AccountId, problem);
    }

    /// <summary>Why something is done, on one line.</summary>
    public static string? CheckReason(string text) =>
        string.IsNullOrWhiteSpace(text) ? "must not be empty"
        : text.EnumerateRunes().Count() > ReasonCharactersMax ? $"must have at most {ReasonCharactersMax} characters"
        : text.EnumerateRunes().Any(static rune => !IsPrintable(rune)) ? "must have printable characters only"
        : null;

    /// <summary>A text of several lines.</summary>
    public static string? CheckNote(string text) =>
        string.IsNullOrWhiteSpace(text) ? "must not be empty"
        : Encoding.UTF8.GetByteCount(text) > NoteBytesMax ? $"must have at most {NoteBytesMax} bytes"
        : text.EnumerateRunes().Any(static rune => !IsPrintable(rune) && rune.Value is not ('\n' or '\r' or '\t')) ? "must have printable characters and line ends only"
        : null;

    private static bool IsPrintable(Rune rune) => !Rune.IsControl(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}

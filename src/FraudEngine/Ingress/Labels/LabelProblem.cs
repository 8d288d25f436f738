using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress.Labels;

/// <summary>The refusals of labels.</summary>
internal static class LabelProblem
{
    private const string NotALabel = "Not a label";

    public static Problem TooLarge { get; } = new(
        413, "too-large", "Too large", $"The text of a label may have at most {TransactionReader.TextBytesMax} bytes. Many labels go as application/x-ndjson, one per line.");

    public static Problem CutOff { get; } = Malformed("The body was cut off before its end.");

    public static Problem Empty { get; } = Malformed("The body is empty; it must be one label as a JSON object.");

    public static Problem ContentType { get; } = new(
        415, "content-type", "Unsupported content type", "Send application/json (one label) or application/x-ndjson (one per line), in UTF-8 and not compressed.");

    private static readonly Problem Unknown = new(
        404, "unknown-transaction", "Unknown transaction", "The account has no decided transaction of that id. Nothing is stored: send the transaction first.");

    private static readonly Problem Unavailable = new(503, "unavailable", "Unavailable", "The label could not be stored. Send it again; that is safe.");

    public static Problem Malformed(string detail, IReadOnlyList<(string Field, string Problem)>? errors = null) => new(400, "malformed", NotALabel, detail, errors);

    /// <summary>Why a well-formed label was not taken; null where it was.</summary>
    public static Problem? Of(LabelResult result) => result switch
    {
        LabelResult.None => throw new ArgumentOutOfRangeException(nameof(result)),
        LabelResult.Stored or LabelResult.Unchanged => null,
        LabelResult.Unknown => Unknown,
        LabelResult.Unavailable => Unavailable,
    };
}

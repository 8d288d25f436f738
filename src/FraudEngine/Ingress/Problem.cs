using System.Buffers;
using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Ingress;

/// <summary>A refusal as RFC 9457 problem details.</summary>
/// <param name="Kind">The last part of its type URI.</param>
/// <param name="Errors">What is wrong, field by field; null where no field is.</param>
internal sealed record Problem(int Status, string Kind, string Title, string Detail, IReadOnlyList<(string Field, string Problem)>? Errors = null)
{
    public static Problem TooLarge { get; } = new(
        413, "too-large", "Too large", $"The text of a transaction may have at most {TransactionReader.TextBytesMax} bytes. Many transactions go as application/x-ndjson, one per line.");

    public static Problem Empty { get; } = new(400, "malformed", "Not a transaction", "The body is empty; it must be one transaction as a JSON object.");

    public static Problem ContentType { get; } = new(
        415, "content-type", "Unsupported content type", "Send application/json (one transaction) or application/x-ndjson (one per line), in UTF-8 and not compressed.");

    public static Problem Overloaded { get; } = new(
        503, "overloaded", "Overloaded", "The engine has as many transactions in flight as it may. Send it again a little later; that is safe.");

    public static Problem TooManyStreams { get; } = new(
        503, "too-many-streams", "Too many streams", "As many streams are open as may be (Ingress:StreamsMax). Close one, or try again later.");

    public static Problem CutOff { get; } = new(400, "malformed", "Not a transaction", "The body was cut off before its end.");

    /// <summary>What was wrong with a transaction's text.</summary>
    public static Problem Of(TransactionProblems problems) => problems.Malformed is { } malformed
        ? new Problem(400, "malformed", "Not a transaction", malformed, problems.Fields.Count > 0 ? InWords(problems) : null)
        : Invalid("Invalid transaction", InWords(problems));

    /// <summary>Fields are wrong.</summary>
    public static Problem Invalid(string title, IReadOnlyList<(string Field, string Problem)> errors) =>
        new(400, "invalid", title, string.Join("; ", errors.Select(error => $"{error.Field} {error.Problem}")) + ".", errors);

    /// <summary>Why a well-formed transaction was not decided.</summary>
    public static Problem Of(Refusal refusal) => refusal switch
    {
        Refusal.None => throw new ArgumentOutOfRangeException(nameof(refusal)),
        Refusal.TooFarAhead => new(422, "too-far-ahead", "Too far in the future", "timestamp is further ahead of the engine's clock than allowed.", null),
        Refusal.TooLate => new(422, "too-late", "Too late", "timestamp is older than the account's newest transaction by more than the allowed lateness.", null),
        Refusal.IdReused => new(409, "id-reused", "Id reused", "transactionId was used before, by this account, for a transaction with other content.", null),
        Refusal.Poison => new(500, "undecidable", "Undecidable", "Deciding this transaction failed twice. It is recorded, and is not part of the account's history.", null),
        Refusal.Unavailable => new(503, "unavailable", "Unavailable", "The transaction could not be stored, or the node that decides it could not be reached. Send it again; that is safe.", null),
    };

    public void WriteTo(IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, JsonText.WriterOptions);
        json.WriteStartObject();
        json.WriteString("type", $"urn:fraudengine:problem:{Kind}");
        json.WriteString("title", Title);
        json.WriteNumber("status", Status);
        json.WriteString("detail", Detail);
        if (Errors is not null)
        {
            json.WriteStartObject("errors");
            foreach (var group in Errors.GroupBy(error => error.Field))
            {
                json.WriteStartArray(group.Key);
                foreach (var (_, problem) in group)
                {
                    json.WriteStringValue(problem);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static List<(string Field, string Problem)> InWords(TransactionProblems problems) =>
        [.. problems.Fields.Select(field => (TransactionFieldText.NameOf(field.Field), TransactionProblems.Describe(field.Field, field.Problem)))];
}

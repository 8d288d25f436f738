using System.Buffers;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Storage;

namespace FraudEngine.Engine.Changes;

/// <summary>The documents that are stored with an account's changes, so that they are found without its journal.</summary>
internal static class ChangeDocuments
{
    public const string Held = "held";
    public const string Released = "released";
    public const string PreferencesSet = "set";
    public const string PreferencesRemoved = "removed";

    /// <summary>The body of a customer's preferences where there are none.</summary>
    public static byte[] NoPreferences { get; } = new CustomerPreferences("en", null, [], null, []).ToBytes();

    /// <summary>The status of a response's document.</summary>
    public static string StatusOf(AlertResponse response) => response switch
    {
        AlertResponse.Confirmed => "confirmed",
        AlertResponse.Denied => "denied",
        AlertResponse.None => throw new ArgumentOutOfRangeException(nameof(response)),
    };

    public static Document OfResponse(AlertId alert, string account, string transaction, RespondOrder order)
    {
        var status = StatusOf(order.Response);
        var body = Json(json =>
        {
            json.WriteString("alert", alert.ToString());
            json.WriteString("account", account);
            json.WriteString("transaction", transaction);
            json.WriteString("response", status);
            json.WriteString("by", order.By);
            json.WriteString("at", TimestampText.Format(order.AtTicks));
        });
        return new Document(DocumentKind.Response, alert.ToString(), account, status, "", order.AtTicks, order.AtTicks, body);
    }

    public static Document OfCase(AnalystCase opened, long atTicks) =>
        new(DocumentKind.Case, opened.Id, opened.AccountId, "open", "", atTicks, atTicks, opened.ToBytes());

    /// <param name="release">Null where the account is held.</param>
    public static Document OfHold(string account, AccountHold hold, ReleaseOrder? release)
    {
        var body = Json(json =>
        {
            json.WriteString("outcome", TransactionJson.OutcomeText(hold.Outcome));
            json.WriteString("by", hold.By);
            json.WriteString("reason", hold.Reason);
            json.WriteString("at", TimestampText.Format(hold.AtTicks));
            if (release is not null)
            {
                json.WriteStartObject("released");
                json.WriteString("by", release.By);
                json.WriteString("reason", release.Reason);
                json.WriteString("at", TimestampText.Format(release.AtTicks));
                json.WriteEndObject();
            }
        });
        var at = release?.AtTicks ?? hold.AtTicks;
        return new Document(DocumentKind.Hold, account, account, release is null ? Held : Released, "", at, at, body);
    }

    public static Document OfPreferences(string account, PreferencesOrder order) => new(
        DocumentKind.Preferences, account, account, order.IsRemoved ? PreferencesRemoved : PreferencesSet, "", order.AtTicks, order.AtTicks, order.Body);

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output, JsonText.WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}

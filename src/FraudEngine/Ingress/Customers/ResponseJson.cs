using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Customers;

/// <summary>A customer's answer to an alert, in JSON.</summary>
internal static class ResponseJson
{
    public static string Word(AlertResponse response) => response switch
    {
        AlertResponse.None => throw new ArgumentOutOfRangeException(nameof(response)),
        AlertResponse.Confirmed => "confirmed",
        AlertResponse.Denied => "denied",
    };

    /// <param name="isHeld">Whether the account is held now, for this or for another reason.</param>
    public static void Write(Utf8JsonWriter json, AnswerableAlert alert, StoredResponse response, bool isHeld)
    {
        json.WriteString("alertId", alert.Id.ToString());
        json.WriteString("accountId", alert.Transaction.AccountId);
        json.WriteString("transactionId", alert.Transaction.TransactionId);
        json.WriteString("response", Word(response.Response));
        json.WriteString("by", response.By);
        json.WriteString("at", TimestampText.Format(response.AtTicks));
        json.WriteBoolean("held", isHeld);
        if (response.Response == AlertResponse.Denied)
        {
            json.WriteString("caseId", alert.Id.ToString());
        }
    }
}

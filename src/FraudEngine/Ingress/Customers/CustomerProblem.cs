using FraudEngine.Domain;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Customers;

/// <summary>Why calls about customers are refused.</summary>
internal static class CustomerProblem
{
    public static Problem UnknownAlert { get; } = new(404, "unknown-alert", "Unknown alert", "There is no alert of that id.");

    public static Problem NotAnswered { get; } = new(404, "not-answered", "Not answered", "The customer has not answered this alert.");

    public static Problem NoPreferences { get; } = new(404, "no-preferences", "No preferences", "The customer of the account has put none.");

    public static Problem InvalidAccount { get; } = new(
        400, "invalid-account", "Invalid account", $"An account's id has 1 to {Transaction.IdCharactersMax} printable characters.");

    public static Problem UnknownAccount { get; } = new(404, "unknown-account", "Unknown account", "The account has no transaction.");

    public static Problem Unavailable { get; } = new(503, "unavailable", "Unavailable", "This could not be stored. Send it again; that is safe.");

    /// <summary>Why an answer to an alert was not taken; null where it was.</summary>
    /// <param name="earlier">What the customer had said.</param>
    public static Problem? Of(AnswerResult result, StoredResponse? earlier) => result switch
    {
        AnswerResult.None => throw new ArgumentOutOfRangeException(nameof(result)),
        AnswerResult.Stored or AnswerResult.Unchanged => null,
        AnswerResult.AnsweredOtherwise => new(
            409, "answered-otherwise", "Answered otherwise", earlier is null
                ? "The customer has given the other answer before. It stands."
                : $"The customer has {ResponseJson.Word(earlier.Response)} the payment at {TimestampText.Format(earlier.AtTicks)}. That stands."),
        AnswerResult.Unknown => UnknownAlert,
        AnswerResult.NotOfFraud => new(
            409, "not-of-fraud", "Nothing to answer", "The alert is of an activity of which the customer has asked to be told, not of suspected fraud."),
        AnswerResult.Expired => new(410, "too-late", "Too late", "The alert can't be answered any more (Customers:LinksValidFor). Label the transaction, or open a case."),
        AnswerResult.Overloaded => Problem.Overloaded,
        AnswerResult.Unavailable => Unavailable,
    };
}

using FraudEngine.Domain;

namespace FraudEngine.Engine.Changes;

/// <summary>What came of a customer's answer to an alert.</summary>
public enum AnswerResult
{
    None,

    /// <summary>It is stored, and counts.</summary>
    Stored,

    /// <summary>The customer had said so already.</summary>
    Unchanged,

    /// <summary>The customer had said the other thing.</summary>
    AnsweredOtherwise,

    /// <summary>There is no such alert.</summary>
    Unknown,

    /// <summary>The alert is of an activity that the customer has chosen, not of suspected fraud: there is nothing to answer.</summary>
    NotOfFraud,

    /// <summary>It came too late.</summary>
    Expired,

    /// <summary>The engine has no room for it now.</summary>
    Overloaded,

    /// <summary>It could not be stored.</summary>
    Unavailable,
}

/// <summary>Takes customers' answers to alerts, over the API and from the page behind the links.</summary>
/// <param name="validFor">How long an alert can be answered.</param>
/// <param name="waitMax">How long an answer waits for room.</param>
public sealed class AlertAnswers(DecisionEngine engine, CustomerBook book, ResponseTerms terms, TimeSpan validFor, TimeSpan waitMax, TimeProvider clock)
{
    /// <summary>What an answer brings about.</summary>
    public ResponseTerms Terms => terms;

    /// <summary>Takes an answer. Each alert is answered once, whoever is the quicker: what was said first stands.</summary>
    /// <param name="expiresTicks">Until when it can be answered, in UTC ticks of the clock; null for as long as alerts can.</param>
    public async Task<(AnswerResult Result, AnswerableAlert? Alert, StoredResponse? Stored)> AnswerAsync(
        AlertId id, AlertResponse response, string by, long? expiresTicks, CancellationToken cancellation)
    {
        if (await book.FindAlertAsync(id) is not { } alert)
        {
            return (AnswerResult.Unknown, null, null);
        }

        if (!alert.Decision.RaisesFraudAlert)
        {
            return (AnswerResult.NotOfFraud, alert, null);
        }

        if (await book.FindResponseAsync(id) is { } earlier)
        {
            return (Compare(earlier, response), alert, earlier);
        }

        if (IsPast(expiresTicks ?? ExpiryOf(alert)))
        {
            return (AnswerResult.Expired, alert, null);
        }

        if (!engine.Admission.TryEnter() && !await engine.Admission.EnterAsync(waitMax, cancellation))
        {
            return (AnswerResult.Overloaded, alert, null);
        }

        // From here on it leaves the admission by itself, when it is answered.
        var result = await engine.RespondAsync(alert.Transaction.AccountId.ToArray(), alert.Transaction.TransactionId.ToArray(), response, by, terms);
        return result is ChangeResult.Stored or ChangeResult.Unchanged or ChangeResult.AnsweredOtherwise
            ? (Of(result), alert, await book.FindResponseAsync(id))
            : (Of(result), alert, null);
    }

    /// <summary>Whether an instant of the clock, in UTC ticks, has passed.</summary>
    public bool IsPast(long ticks) => ticks < clock.GetUtcNow().UtcTicks;

    private long ExpiryOf(AnswerableAlert alert) => alert.CommittedTicks == 0 ? long.MaxValue : alert.CommittedTicks + validFor.Ticks;

    private static AnswerResult Compare(StoredResponse earlier, AlertResponse response) =>
        earlier.Response == response ? AnswerResult.Unchanged : AnswerResult.AnsweredOtherwise;

    private static AnswerResult Of(ChangeResult result) => result switch
    {
        ChangeResult.None => throw new ArgumentOutOfRangeException(nameof(result)),
        ChangeResult.Stored => AnswerResult.Stored,
        ChangeResult.Unchanged => AnswerResult.Unchanged,
        ChangeResult.AnsweredOtherwise => AnswerResult.AnsweredOtherwise,
        ChangeResult.Unknown => AnswerResult.Unknown,
        ChangeResult.Unavailable => AnswerResult.Unavailable,
    };
}

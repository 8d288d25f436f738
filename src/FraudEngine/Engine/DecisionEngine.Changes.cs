using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Engine;

/// <summary>What changes an account besides its transactions and labels. Each call enters <see cref="Admission"/> first, which the caller has done.</summary>
public sealed partial class DecisionEngine
{
    private const string ByCustomer = "customer";

    /// <summary>
    /// Stores what the customer says to the alert of a transaction, once: <em>denied</em> labels it as fraud, holds the account and opens a case; <em>confirmed</em>
    /// labels it genuine and lets payments of its pattern pass for a time. All of it is one commit.
    /// </summary>
    /// <param name="by">Who says so: <c>customer</c> for the link, or as the caller of the API says.</param>
    public Task<ChangeResult> RespondAsync(byte[] accountId, byte[] transactionId, AlertResponse response, string by, ResponseTerms terms)
    {
        if (response is not (AlertResponse.Confirmed or AlertResponse.Denied))
        {
            throw new ArgumentOutOfRangeException(nameof(response), response, "A customer confirms or denies.");
        }

        RequireStops(terms.HoldOutcome);
        ArgumentOutOfRangeException.ThrowIfNegative(terms.ConfirmedForTicks);
        return ChangeAsync(accountId, new RespondOrder(transactionId, response, terms, by, Now));
    }

    /// <summary>Stops an account's payments. Unchanged where it is held with the same outcome.</summary>
    /// <param name="outcome">What they get at least: review or decline.</param>
    public Task<ChangeResult> HoldAsync(byte[] accountId, Outcome outcome, string by, string reason)
    {
        RequireStops(outcome);
        return ChangeAsync(accountId, new HoldOrder(outcome, reason, by, Now));
    }

    /// <summary>Lets an account's payments be decided again as any other's. Unchanged where it is not held.</summary>
    public Task<ChangeResult> ReleaseAsync(byte[] accountId, string by, string reason) => ChangeAsync(accountId, new ReleaseOrder(reason, by, Now));

    /// <summary>Stores a customer's preferences, in place of earlier ones.</summary>
    /// <param name="body">The whole of them as JSON, as the document of the account keeps it; null removes them: the document then has those of nobody.</param>
    public Task<ChangeResult> PutPreferencesAsync(byte[] accountId, CustomerPreferences? preferences, byte[]? body) => ChangeAsync(
        accountId,
        preferences is null || body is null
            ? new PreferencesOrder([], ChangeDocuments.NoPreferences, IsRemoved: true, ByCustomer, Now)
            : new PreferencesOrder(preferences.Activity.IsDefault ? [] : preferences.Activity, body, IsRemoved: false, ByCustomer, Now));

    private long Now => _clock.GetUtcNow().UtcTicks;

    private Task<ChangeResult> ChangeAsync(byte[] accountId, AccountOrder order)
    {
        var request = new ChangeRequest(accountId, order);
        _region.ShardOf(Hash64.Of(accountId)).Tell(request);
        return request.Answer;
    }

    private static void RequireStops(Outcome outcome)
    {
        if (outcome is not (Outcome.Review or Outcome.Decline))
        {
            throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "A hold makes payments reviewed or declined.");
        }
    }
}

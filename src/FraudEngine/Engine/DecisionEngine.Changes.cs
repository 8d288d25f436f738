using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Engine;

/// <summary>What changes an account besides its transactions and labels. Each call enters <see cref="Admission"/> first, which the caller has done.</summary>
public sealed partial class DecisionEngine
{
    /// <summary>
    /// Stores what the customer says to the alert of a transaction, once: <em>denied</em> labels it as fraud, holds the account and opens a case; <em>confirmed</em>
    /// labels it genuine and lets payments of its pattern pass for a time. All of it is one commit.
    /// </summary>
    /// <param name="by">Who says so: <c>customer</c> for the link, or as the caller of the API says.</param>
    public Task<ChangeResult> RespondAsync(byte[] accountId, byte[] transactionId, AlertResponse response, string by, ResponseTerms terms) => throw new NotImplementedException();

    /// <summary>Stops an account's payments. Unchanged where it is held with the same outcome.</summary>
    public Task<ChangeResult> HoldAsync(byte[] accountId, Outcome outcome, string by, string reason) => throw new NotImplementedException();

    /// <summary>Lets an account's payments be decided again as any other's. Unchanged where it is not held.</summary>
    public Task<ChangeResult> ReleaseAsync(byte[] accountId, string by, string reason) => throw new NotImplementedException();

    /// <summary>Stores a customer's preferences, in place of earlier ones.</summary>
    /// <param name="body">The whole of them as JSON, as the document of the account keeps it; null removes them.</param>
    public Task<ChangeResult> PutPreferencesAsync(byte[] accountId, CustomerPreferences? preferences, byte[]? body) => throw new NotImplementedException();
}

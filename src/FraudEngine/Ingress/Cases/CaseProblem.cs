using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Cases;

/// <summary>Why calls about cases are refused.</summary>
internal static class CaseProblem
{
    public const string Title = "Invalid case";

    public static Problem Unknown { get; } = new(404, "unknown-case", "Unknown case", "There is no case of that id.");

    public static Problem IdTaken { get; } = new(409, "id-taken", "Id taken", "There is another case, or an alert, of that id.");

    public static Problem UnknownTransaction(string id) =>
        new(422, "unknown-transaction", "Unknown transaction", $"The account has no decided transaction '{id}'. Nothing is stored.");

    public static Problem Unlabelled { get; } = new(
        503, "unavailable", "Unavailable", "Not every transaction of the case could be labelled, so the case stays open. Send it again; that is safe.");

    public static Problem Unreleased { get; } = new(
        503, "unavailable", "Unavailable", "The case is resolved, but its account could not be released. Send it again; that is safe.");

    /// <summary>Why a change was not made; null where it was, or there was nothing to change.</summary>
    public static Problem? Of(CaseChange change) =>
        change.Stored is not { } stored ? Unknown
        : change.IsOutdated ? new(409, "version-conflict", "Changed meanwhile", $"The case has been changed: its version is {stored.Version}. Read it again.")
        : change.Refusal switch
        {
            CaseRefusal.None => null,
            CaseRefusal.Resolved => new(409, "case-resolved", "Case resolved", "The case is resolved. Reopen it first (POST /v1/cases/{id}/reopen)."),
            CaseRefusal.ResolvedOtherwise => new(
                409, "resolved-otherwise", "Resolved otherwise", $"The case is resolved as {CaseJson.Word(stored.Case.Outcome)}. Reopen it first (POST /v1/cases/{{id}}/reopen)."),
            CaseRefusal.Full => new(
                409, "history-full", "History full",
                $"A case has at most {CaseSteps.HistoryMax} events and {CaseSteps.TextCharactersMax / 1024} Ki characters of notes. It can still be resolved."),
        };
}

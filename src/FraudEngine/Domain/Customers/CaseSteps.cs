namespace FraudEngine.Domain.Customers;

/// <summary>Why a case is not changed.</summary>
public enum CaseRefusal
{
    None,

    /// <summary>It is resolved: it has to be reopened first.</summary>
    Resolved,

    /// <summary>It is resolved, with another outcome.</summary>
    ResolvedOtherwise,

    /// <summary>Its history holds no more.</summary>
    Full,
}

/// <summary>
/// The steps of a case, each a function from one case to the next. A step that changes nothing gives the same case back, so that a request that is sent again is safe;
/// a note is always another one.
/// </summary>
public static class CaseSteps
{
    /// <summary>Events of one case. The last is kept for its resolution.</summary>
    public const int HistoryMax = 1000;

    /// <summary>Characters of all notes and other texts of one case.</summary>
    public const int TextCharactersMax = 256 << 10;

    /// <summary>Transactions of one case.</summary>
    public const int TransactionsMax = 100;

    /// <summary>A case that an analyst opens.</summary>
    /// <param name="atTicks">UTC ticks of the clock, as everywhere here.</param>
    public static AnalystCase Open(string id, string accountId, IEnumerable<string> transactions, string reason, string by, long atTicks) =>
        new(id, accountId, [.. transactions], null, reason, CaseStatus.Open, null, CaseOutcome.None, [new CaseEvent(atTicks, by, "opened", null)]);

    /// <param name="to">Who is to look into it; null for nobody.</param>
    public static (CaseRefusal Refusal, AnalystCase Case) Assign(this AnalystCase one, string? to, string by, long atTicks) =>
        one.Status == CaseStatus.Resolved ? (CaseRefusal.Resolved, one)
        : one.Assignee == to ? (CaseRefusal.None, one)
        : Step(one, one with { Assignee = to }, new CaseEvent(atTicks, by, to is null ? "unassigned" : "assigned", to));

    public static (CaseRefusal Refusal, AnalystCase Case) Note(this AnalystCase one, string text, string by, long atTicks) =>
        Step(one, one, new CaseEvent(atTicks, by, "noted", text));

    /// <param name="note">Null where there is nothing to say.</param>
    public static (CaseRefusal Refusal, AnalystCase Case) Resolve(this AnalystCase one, CaseOutcome outcome, string? note, string by, long atTicks) =>
        one.Status == CaseStatus.Resolved ? (one.Outcome == outcome ? CaseRefusal.None : CaseRefusal.ResolvedOtherwise, one)
        : Step(one, one with { Status = CaseStatus.Resolved, Outcome = outcome }, new CaseEvent(atTicks, by, "resolved", note), isLast: true);

    public static (CaseRefusal Refusal, AnalystCase Case) Reopen(this AnalystCase one, string? note, string by, long atTicks) =>
        one.Status == CaseStatus.Open ? (CaseRefusal.None, one)
        : Step(one, one with { Status = CaseStatus.Open, Outcome = CaseOutcome.None }, new CaseEvent(atTicks, by, "reopened", note));

    /// <param name="isLast">Whether it may be the last that the history holds.</param>
    private static (CaseRefusal Refusal, AnalystCase Case) Step(AnalystCase before, AnalystCase after, CaseEvent happened, bool isLast = false)
    {
        var characters = (happened.Text?.Length ?? 0) + before.History.Sum(static earlier => earlier.Text?.Length ?? 0);
        return before.History.Length >= HistoryMax - (isLast ? 0 : 1) || (characters > TextCharactersMax && !isLast)
            ? (CaseRefusal.Full, before)
            : (CaseRefusal.None, after with { History = before.History.Add(happened) });
    }
}

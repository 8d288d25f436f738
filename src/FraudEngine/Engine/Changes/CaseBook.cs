using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Storage;

namespace FraudEngine.Engine.Changes;

/// <summary>A case as it is stored.</summary>
/// <param name="CreatedTicks">UTC ticks of the clock.</param>
/// <param name="Version">Counts its changes, from 1.</param>
public sealed record StoredCase(AnalystCase Case, long CreatedTicks, long UpdatedTicks, long Version);

/// <summary>Which cases are listed; what is null is not asked for.</summary>
/// <param name="Outcome">None for any.</param>
public sealed record CaseFilter(string? Account, CaseStatus Status, string? Assignee, CaseOutcome Outcome);

/// <summary>What became of a change of a case.</summary>
/// <param name="Stored">The case after it; where it is refused, as it is; null where there is none.</param>
/// <param name="IsOutdated">Whether the case has another version than the change was made for.</param>
public sealed record CaseChange(StoredCase? Stored, CaseRefusal Refusal = CaseRefusal.None, bool IsOutdated = false, bool IsChanged = false);

/// <summary>The cases of analysts, over the documents of the journal. Any node changes any of them: each change is of the version that it was made from.</summary>
public sealed class CaseBook(IJournal journal, DecisionEngine engine, TimeProvider clock)
{
    // So many others may be quicker, one after the other.
    private const int TriesMax = 8;

    /// <summary>UTC ticks of the clock.</summary>
    public long Now => clock.GetUtcNow().UtcTicks;

    /// <summary>Null where there is none of that id.</summary>
    public async Task<StoredCase?> FindAsync(string id) => await journal.FindDocumentAsync(DocumentKind.Case, id) is { } document ? Of(document) : null;

    /// <summary>The latest opened first.</summary>
    /// <param name="after">Behind which case to go on: its time of creation and id.</param>
    public async Task<IReadOnlyList<StoredCase>> ListAsync(CaseFilter filter, (long CreatedTicks, string Id)? after, int max)
    {
        if (StatusesOf(filter) is not { } statuses)
        {
            return [];
        }

        var place = after is var (ticks, id) ? new DocumentPlace(ticks, id) : (DocumentPlace?)null;
        var found = await journal.ListDocumentsAsync(DocumentKind.Case, new DocumentFilter(filter.Account, statuses, filter.Assignee), place, max);
        return [.. found.Select(Of)];
    }

    /// <summary>Stores a new case; false where there is one of its id, or an alert, whose case that would be.</summary>
    public async Task<(StoredCase? Stored, bool IsNew)> OpenAsync(AnalystCase opened)
    {
        if (AlertId.TryParse(opened.Id, out var alert) && await journal.FindAlertAsync(alert) is not null)
        {
            return (await FindAsync(opened.Id), false);
        }

        var isNew = await journal.TryWriteDocumentAsync(ToDocument(opened, Now, Now), ifVersion: 0);
        return (await FindAsync(opened.Id), isNew);
    }

    /// <summary>Whether an account has a decided transaction.</summary>
    public async Task<bool> HasTransactionAsync(byte[] accountId, byte[] transactionId)
    {
        try
        {
            return await journal.FindEntryAsync(accountId, Hash64.Of(transactionId, engine.IdHashSeed), transactionId) is not null;
        }
        catch (InvalidDataException)
        {
            // It is there, if damaged.
            return true;
        }
    }

    /// <summary>Changes a case; made again where another change came between.</summary>
    /// <param name="ifVersion">The version that it must have; null for whichever.</param>
    /// <param name="change">The case after it, or why not; the same case where nothing is to be changed.</param>
    public async Task<CaseChange> ChangeAsync(string id, long? ifVersion, Func<AnalystCase, (CaseRefusal Refusal, AnalystCase Case)> change)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await FindAsync(id) is not { } stored)
            {
                return new CaseChange(null);
            }

            var (refusal, changed) = change(stored.Case);
            if (refusal == CaseRefusal.None && ReferenceEquals(changed, stored.Case))
            {
                // Whatever its version is by now: so is a request answered that is sent again.
                return new CaseChange(stored);
            }

            if (refusal != CaseRefusal.None || (ifVersion is { } version && version != stored.Version))
            {
                return new CaseChange(stored, refusal, IsOutdated: refusal == CaseRefusal.None);
            }

            var now = Now;
            if (await journal.TryWriteDocumentAsync(ToDocument(changed, stored.CreatedTicks, now), stored.Version))
            {
                return new CaseChange(new StoredCase(changed, stored.CreatedTicks, now, stored.Version + 1), IsChanged: true);
            }
        }

        return new CaseChange(await FindAsync(id), IsOutdated: true);
    }

    private static Document ToDocument(AnalystCase one, long createdTicks, long updatedTicks) => new(
        DocumentKind.Case, one.Id, one.AccountId, StatusOf(one.Status, one.Outcome), one.Assignee ?? "", createdTicks, updatedTicks, one.ToBytes());

    private static StoredCase Of(Document document) => new(AnalystCase.FromBytes(document.Body), document.CreatedTicks, document.UpdatedTicks, document.Version);

    /// <summary>As the document's column has it: <c>open</c>, <c>fraud</c>, <c>genuine</c>, <c>unsure</c>.</summary>
    private static string StatusOf(CaseStatus status, CaseOutcome outcome) => status == CaseStatus.Resolved ? Word(outcome) : "open";

    private static string Word(CaseOutcome outcome) => outcome switch
    {
        CaseOutcome.None => throw new ArgumentOutOfRangeException(nameof(outcome)),
        CaseOutcome.Fraud => "fraud",
        CaseOutcome.Genuine => "genuine",
        CaseOutcome.Unsure => "unsure",
    };

    /// <summary>The columns that fit a filter, empty for any; null where none can.</summary>
    private static string[]? StatusesOf(CaseFilter filter) => (filter.Status, filter.Outcome) switch
    {
        (CaseStatus.None, CaseOutcome.None) => [],
        (CaseStatus.Open, CaseOutcome.None) => ["open"],
        (CaseStatus.Open, _) => null,
        (CaseStatus.Resolved, CaseOutcome.None) => ["fraud", "genuine", "unsure"],
        (CaseStatus.None or CaseStatus.Resolved, _) => [Word(filter.Outcome)],
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };
}

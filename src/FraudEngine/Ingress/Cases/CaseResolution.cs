using System.Text;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Cases;

/// <summary>
/// <c>POST /v1/cases/{id}/resolve</c>: labels the case's transactions, then resolves it, then releases the account where that is asked. Each of the three can be done
/// again, so whoever gets no answer sends it again: until it is resolved it is open.
/// </summary>
internal sealed class CaseResolution(DecisionEngine engine, CaseBook cases, IngressSettings settings)
{
    private const int BytesMax = 16 << 10;

    public async Task Handle(HttpContext context)
    {
        if (await JsonFields.ReadAsync(context, BytesMax, "outcome", "by", "note", "release", "version") is not { } fields)
        {
            return;
        }

        var outcome = fields.OneOf("outcome", isRequired: true, ("fraud", CaseOutcome.Fraud), ("genuine", CaseOutcome.Genuine), ("unsure", CaseOutcome.Unsure));
        var by = fields.Text("by", BodyText.CheckId);
        var note = fields.Text("note", BodyText.CheckNote, isRequired: false);
        var isReleased = fields.Flag("release");
        var version = fields.Count("version");
        if (fields.ProblemOf(CaseProblem.Title) is { } problem)
        {
            await ProblemResponse.Write(context, problem);
            return;
        }

        var id = CaseEndpoints.IdOf(context);
        (CaseRefusal Refusal, AnalystCase Case) Resolve(AnalystCase one) => one.Resolve(outcome, note, by!, cases.Now);
        var stored = await cases.FindAsync(id);
        if (await RefuseAsync(context, stored, version, Resolve) || !await LabelAsync(context, stored!.Case, outcome))
        {
            return;
        }

        var change = await cases.ChangeAsync(id, version, Resolve);
        if (change.Refusal == CaseRefusal.ResolvedOtherwise && !await LabelAsync(context, change.Stored!.Case, change.Stored.Case.Outcome))
        {
            // Somebody else was quicker: the labels are as that says, or this is answered.
            return;
        }

        if (CaseProblem.Of(change) is null && isReleased && !await ReleaseAsync(context, change.Stored!.Case, by!))
        {
            return;
        }

        await CaseEndpoints.WriteAsync(context, change);
    }

    /// <summary>Whether the case can't be resolved so, which is answered then, before anything is labelled.</summary>
    private static async Task<bool> RefuseAsync(
        HttpContext context, StoredCase? stored, long? version, Func<AnalystCase, (CaseRefusal Refusal, AnalystCase Case)> resolve)
    {
        var (refusal, after) = stored is null ? (CaseRefusal.None, null) : resolve(stored.Case);

        // Of one that is resolved as asked, the version has risen by that.
        var isOutdated = refusal == CaseRefusal.None && !ReferenceEquals(after, stored?.Case) && version is { } asked && asked != stored!.Version;
        var refused = new CaseChange(stored, refusal, isOutdated);
        if (CaseProblem.Of(refused) is not { } problem)
        {
            return false;
        }

        await ProblemResponse.Write(context, problem);
        return true;
    }

    /// <summary>Whether all its transactions are labelled as the outcome says; where they are not, that is answered.</summary>
    private async Task<bool> LabelAsync(HttpContext context, AnalystCase one, CaseOutcome outcome)
    {
        if (outcome is not (CaseOutcome.Fraud or CaseOutcome.Genuine))
        {
            return true;
        }

        var accountId = Encoding.UTF8.GetBytes(one.AccountId);
        foreach (var transaction in one.Transactions)
        {
            if (!await Admitted.EnterAsync(context, engine, settings.AdmissionWaitMax))
            {
                return false;
            }

            // One that is unknown has been dropped with the time for which transactions are kept: there is nothing more to label.
            if (await engine.LabelAsync(accountId, Encoding.UTF8.GetBytes(transaction), outcome == CaseOutcome.Fraud) == LabelResult.Unavailable)
            {
                await ProblemResponse.Write(context, CaseProblem.Unlabelled);
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the account is released; where it is not, that is answered.</summary>
    private async Task<bool> ReleaseAsync(HttpContext context, AnalystCase one, string by)
    {
        if (!await Admitted.EnterAsync(context, engine, settings.AdmissionWaitMax))
        {
            return false;
        }

        if (await engine.ReleaseAsync(Encoding.UTF8.GetBytes(one.AccountId), by, $"Case {one.Id} is resolved as {CaseJson.Word(one.Outcome)}") != ChangeResult.Unavailable)
        {
            return true;
        }

        await ProblemResponse.Write(context, CaseProblem.Unreleased);
        return false;
    }
}

using FraudEngine.Domain.Customers;

namespace FraudEngine.Tests.Domain.Customers;

public sealed class CaseStepsTests
{
    private static readonly AnalystCase Opened = CaseSteps.Open("1", "a", ["t"], "why", "ana", 1);

    [Fact]
    public void Each_step_says_who_did_what_and_when()
    {
        var one = Taken(Opened.Assign("ben", "ana", 2));
        one = Taken(one.Note("called", "ben", 3));
        one = Taken(one.Assign(null, "ana", 4));
        one = Taken(one.Resolve(CaseOutcome.Fraud, "sure", "ben", 5));
        one = Taken(one.Note("later", "ben", 6));
        Assert.Equal((CaseStatus.Resolved, CaseOutcome.Fraud), (one.Status, one.Outcome));
        one = Taken(one.Reopen(null, "ana", 7));
        Assert.Equal((CaseStatus.Open, CaseOutcome.None), (one.Status, one.Outcome));
        Assert.Equal(
            "1 ana opened |2 ana assigned ben|3 ben noted called|4 ana unassigned |5 ben resolved sure|6 ben noted later|7 ana reopened ",
            string.Join('|', one.History.Select(static happened => $"{happened.AtTicks} {happened.By} {happened.What} {happened.Text}")));
        Assert.Equal(one.ToBytes(), AnalystCase.FromBytes(one.ToBytes()).ToBytes());
    }

    [Fact]
    public void A_step_that_changes_nothing_gives_the_same_case()
    {
        Assert.Same(Opened, Taken(Opened.Assign(null, "ben", 2)));
        Assert.Same(Opened, Taken(Opened.Reopen("note", "ben", 2)));
        var resolved = Taken(Opened.Resolve(CaseOutcome.Unsure, null, "ana", 2));
        Assert.Same(resolved, Taken(resolved.Resolve(CaseOutcome.Unsure, "again", "ben", 3)));
    }

    [Fact]
    public void A_resolved_case_is_neither_assigned_nor_resolved_otherwise()
    {
        var resolved = Taken(Opened.Resolve(CaseOutcome.Fraud, null, "ana", 2));
        Assert.Equal((CaseRefusal.Resolved, resolved), resolved.Assign("ben", "ana", 3));
        Assert.Equal((CaseRefusal.ResolvedOtherwise, resolved), resolved.Resolve(CaseOutcome.Genuine, null, "ben", 3));
    }

    [Fact]
    public void A_full_history_takes_only_the_resolution()
    {
        var one = Opened;
        while (one.History.Length < CaseSteps.HistoryMax - 1)
        {
            one = Taken(one.Note("n", "ana", 2));
        }

        Assert.Equal(CaseRefusal.Full, one.Note("n", "ana", 2).Refusal);
        Assert.Equal(CaseRefusal.Full, one.Assign("ben", "ana", 2).Refusal);
        one = Taken(one.Resolve(CaseOutcome.Fraud, null, "ana", 3));
        Assert.Equal(CaseSteps.HistoryMax, one.History.Length);
        Assert.Equal(CaseRefusal.Full, one.Reopen(null, "ana", 4).Refusal);
        Assert.Equal(CaseRefusal.Full, one.Note("n", "ana", 4).Refusal);
    }

    [Fact]
    public void Its_notes_have_so_many_characters_in_all()
    {
        var one = Opened;
        var note = new string('n', 4096);
        for (var i = 0; i < CaseSteps.TextCharactersMax / note.Length; i++)
        {
            one = Taken(one.Note(note, "ana", 2));
        }

        Assert.Equal(CaseRefusal.Full, one.Note("n", "ana", 2).Refusal);
        Assert.Equal(CaseRefusal.None, one.Resolve(CaseOutcome.Fraud, note, "ana", 3).Refusal);
    }

    private static AnalystCase Taken((CaseRefusal Refusal, AnalystCase Case) step)
    {
        Assert.Equal(CaseRefusal.None, step.Refusal);
        return step.Case;
    }
}

using FraudEngine.Domain;
using FraudEngine.Rules.Lists;

namespace FraudEngine.Trials;

/// <summary>Makes the report of what partitions counted.</summary>
public static class TrialSummary
{
    /// <summary>What a trial over a journal is compared with.</summary>
    internal const string Journal = "journal";

    private static readonly Outcome[] Decided = [Outcome.Approve, Outcome.Review, Outcome.Decline];

    /// <param name="against">What the decisions were compared with; null for nothing.</param>
    /// <param name="lists">Which named lists were asked.</param>
    public static TrialReport Of(TrialSettings settings, IReadOnlyList<TrialPartition> partitions, string? against, string? lists)
    {
        var tally = new TrialTally(settings.Candidate, new ReasonCatalog());
        foreach (var partition in partitions)
        {
            tally.Add(partition.Tally);
        }

        var isLabelled = tally.Stopped.Found(Label.Fraud) + tally.Stopped.Passed(Label.Fraud)
            + tally.Stopped.Found(Label.Genuine) + tally.Stopped.Passed(Label.Genuine) > 0;
        var alerts = tally.Stopped.FoundInAll;
        return new TrialReport(
            settings.Candidate.Reference,
            against,
            settings.Candidate.ListNames.IsEmpty ? null : lists,
            tally.Days == 0 ? null : TimestampText.Format(tally.FirstTicks),
            tally.Days == 0 ? null : TimestampText.Format(tally.LastTicks),
            tally.Days,
            partitions.Sum(static partition => (long)partition.Accounts),
            new TrialCounts(Decided.Sum(tally.Decided), tally.Filled, tally.Resent, tally.IdReused, tally.TooLate, tally.Invalid),
            new OutcomeCounts(tally.Decided(Outcome.Approve), tally.Decided(Outcome.Review), tally.Decided(Outcome.Decline)),
            alerts,
            Shares.PerDay(alerts, tally.Days),
            isLabelled ? Labels(tally) : null,
            [.. settings.Candidate.Rules.Select((rule, i) => Rule(rule.Id, tally.Rules[i], tally, isLabelled))],
            against is null ? null : Difference(tally));
    }

    /// <summary>Says that lists were asked as they are now, whatever they were when the transactions came.</summary>
    internal static string ListsNow(NamedLists lists) => $"as they are now (version {lists.Version})";

    private static LabelReport Labels(TrialTally tally)
    {
        var stopped = tally.Stopped;
        var (fraud, genuine) = (stopped.Found(Label.Fraud), stopped.Found(Label.Genuine));
        return new LabelReport(
            Frauds(tally),
            genuine + stopped.Passed(Label.Genuine),
            stopped.Found(Label.None) + stopped.Passed(Label.None),
            fraud,
            stopped.Passed(Label.Fraud),
            genuine,
            stopped.Passed(Label.Genuine),
            Shares.Of(fraud, fraud + genuine),
            Shares.Of(fraud, Frauds(tally)),
            Shares.Of(genuine, fraud),
            tally.Fraud.ToReport(),
            stopped.FraudFound.ToShares(tally.Fraud),
            stopped.GenuineFound.ToReport(),
            tally.WronglyDeclinedAccounts);
    }

    private static RuleReport Rule(string id, RuleTally rule, TrialTally tally, bool isLabelled)
    {
        var (fraud, genuine) = (rule.Hits.Found(Label.Fraud), rule.Hits.Found(Label.Genuine));
        return new RuleReport(
            id,
            rule.Hits.FoundInAll,
            rule.Errors,
            rule.Alerts,
            Shares.PerDay(rule.Alerts, tally.Days),
            !isLabelled ? null : new RuleLabelReport(
                fraud,
                genuine,
                rule.Hits.Found(Label.None),
                Shares.Of(fraud, fraud + genuine),
                Shares.Of(fraud, Frauds(tally)),
                Shares.Of(genuine, fraud),
                rule.Hits.FraudFound.ToShares(tally.Fraud),
                rule.Hits.GenuineFound.ToReport()));
    }

    private static DifferenceReport Difference(TrialTally tally)
    {
        OutcomeChange[] changes =
        [
            .. from before in Decided
               from now in Decided
               select new OutcomeChange(TransactionJson.OutcomeText(before), TransactionJson.OutcomeText(now), tally.Changed(before, now)),
        ];
        return new DifferenceReport(
            tally.Compared, changes.Where(static change => change.Before != change.Now).Sum(static change => change.Count), changes, tally.NewlyStopped.ToReport(), tally.NewlyPassed.ToReport());
    }

    private static long Frauds(TrialTally tally) => tally.Stopped.Found(Label.Fraud) + tally.Stopped.Passed(Label.Fraud);
}

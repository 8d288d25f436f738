using System.Globalization;
using TransactionFeed.CommandLine;

namespace TransactionFeed.Evaluate;

/// <summary>Makes a report of what was read.</summary>
internal static class EvaluationSummary
{
    /// <summary>Throws, with a line for the user, where nothing is left to evaluate.</summary>
    public static Evaluation Of(EvaluateSettings settings, BookReader reader)
    {
        var test = TestSet.Of(reader.Book.Rows, settings);
        if (test.Transactions.IsEmpty)
        {
            throw FeedException.Failed(NothingLeft(reader.Counts, test));
        }

        Cutoff[] cutoffs = [.. settings.Thresholds.Select(Cutoff.AtScore), .. reader.HasOutcomes ? (Cutoff[])[Cutoff.ReviewOrDecline, Cutoff.Decline] : []];
        var curve = RankCurve.Of(test.Transactions);
        var cards = CardPrecision.Of(test.Transactions, settings.Top, reader.Book.Accounts);
        var report = new EvaluationReport
        {
            Decisions = settings.Decisions,
            From = test.First is { } first ? EventInstant.Text(first) : null,
            To = test.Last is { } last ? EventInstant.Text(last) : null,
            KnownFrom = settings.KnownFrom is { } known ? EventInstant.Text(known) : null,
            LabelDelayDays = settings.KnownFrom is null ? null : settings.LabelDelay.TotalDays,
            Top = settings.Top,
            Input = reader.Counts,
            LeftOut = new LeftOut(test.OutsidePeriod, test.OfKnownAccounts, test.FraudsOfKnownAccounts, test.Undecided, test.UndecidedFrauds, test.WithoutTime),
            All = Figures(test.Transactions, curve, cutoffs),
            CardPrecision = CardPrecision.Mean(cards),
            CardPrecisionOfPerfectScores = CardPrecision.Mean(CardPrecision.Of(Perfect(test.Transactions), settings.Top, reader.Book.Accounts)),
            Days = Days(test.Transactions, cards, cutoffs),
            Notes = [.. Notes(settings, reader, test, curve, cards)],
        };
        return new Evaluation(report, curve);
    }

    private static SetFigures Figures(ReadOnlySpan<Scored> transactions, RankCurve curve, Cutoff[] cutoffs)
    {
        var accounts = new HashSet<int>();
        var compromised = new HashSet<int>();
        foreach (ref readonly var transaction in transactions)
        {
            accounts.Add(transaction.Account);
            if (transaction.IsFraud)
            {
                compromised.Add(transaction.Account);
            }
        }

        var reports = new List<CutoffReport>();
        foreach (var cutoff in cutoffs)
        {
            reports.Add(Report(cutoff, CutoffCounts.Of(transactions, cutoff)));
        }

        return new SetFigures(transactions.Length, curve.Frauds, curve.Genuine, accounts.Count, compromised.Count, curve.AucRoc(), curve.AveragePrecision(), reports);
    }

    private static CutoffReport Report(Cutoff cutoff, CutoffCounts counts) => new(
        cutoff.Name, cutoff.Threshold, counts.FraudStopped + counts.GenuineStopped, counts.FraudStopped, counts.FraudPassed, counts.GenuineStopped,
        counts.GenuinePassed, counts.Precision, counts.Recall, counts.FalsePositiveRate, counts.F1);

    private static List<DayReport> Days(ReadOnlySpan<Scored> transactions, IReadOnlyList<CardDay> cards, Cutoff[] cutoffs)
    {
        var byDay = transactions.ToArray();
        Array.Sort(byDay, static (a, b) => a.Day.CompareTo(b.Day));
        var rest = byDay.AsSpan();
        rest = rest[CountOf(rest, Scored.NoDay)..];
        var days = new List<DayReport>();
        foreach (var card in cards)
        {
            var count = CountOf(rest, card.Day);
            var figures = Figures(rest[..count], RankCurve.Of(rest[..count]), cutoffs);
            days.Add(new DayReport(
                EventInstant.DayText(card.Day), figures, card.Precision, card.Found, card.Compromised, card.Accounts, card.Tied, card.TiedPlaces));
            rest = rest[count..];
        }

        return days;
    }

    /// <summary>How many at the beginning are of this day.</summary>
    private static int CountOf(ReadOnlySpan<Scored> transactions, int day)
    {
        var count = 0;
        while (count < transactions.Length && transactions[count].Day == day)
        {
            count++;
        }

        return count;
    }

    private static Scored[] Perfect(ReadOnlySpan<Scored> transactions)
    {
        var perfect = transactions.ToArray();
        for (var i = 0; i < perfect.Length; i++)
        {
            perfect[i] = perfect[i] with { Score = perfect[i].IsFraud ? 1 : 0 };
        }

        return perfect;
    }

    private static IEnumerable<string> Notes(EvaluateSettings settings, BookReader reader, TestSet test, RankCurve curve, IReadOnlyList<CardDay> cards)
    {
        if (curve.Frauds == 0)
        {
            yield return "There are no frauds: no AUC ROC, average precision or recall.";
        }
        else if (curve.Genuine == 0)
        {
            yield return "There are only frauds: no AUC ROC or false-positive rate.";
        }

        if (cards.Count == 0)
        {
            yield return "No time is known: no days, no Card Precision. Give the transactions with --data FILE….";
        }
        else if (test.WithoutTime > 0)
        {
            yield return $"The time of {Number(test.WithoutTime)} is not known: these are in no day and not in Card Precision.";
        }

        if (!reader.HasOutcomes)
        {
            yield return "The decisions have no outcomes, only scores.";
        }

        if (settings.KnownFrom is { } from && test.FirstLabel >= from + TimeSpan.TicksPerDay)
        {
            yield return $"The labels begin at {EventInstant.Text(test.FirstLabel.Value)}: which accounts were compromised between --known-from and then is not known.";
        }

        if (cards.Count(static day => day.Tied > 0) is var tied && tied > 0)
        {
            yield return $"On {Number(tied)} of {Number(cards.Count)} days equal scores share the last of the {Number(settings.Top)} places, and account ids decide: see accountsTied in the JSON.";
        }

        if (reader.Counts.RepeatedDifferently > 0)
        {
            yield return $"{Number(reader.Counts.RepeatedDifferently)} repeated decisions differ from the first, which counts.";
        }
    }

    private static string NothingLeft(InputCounts counts, TestSet test) =>
        $"Nothing to evaluate: of {Number(counts.Decisions)} decisions {Number(counts.Refused)} are refused, {Number(counts.Unreadable)} unreadable, {Number(counts.Unknown)} of unknown "
        + $"transactions, {Number(counts.WithoutLabel)} without a label, {Number(test.OutsidePeriod)} outside the period, {Number(test.OfKnownAccounts)} of accounts known as compromised.";

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}

/// <summary>A report, and the curve that its plot needs.</summary>
internal sealed record Evaluation(EvaluationReport Report, RankCurve Curve);

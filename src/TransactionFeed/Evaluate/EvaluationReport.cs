namespace TransactionFeed.Evaluate;

/// <summary>The figures of an evaluation, as JSON has them. What can't be computed is null, and <see cref="Notes"/> says why.</summary>
internal sealed record EvaluationReport
{
    public required string Decisions { get; init; }

    /// <summary>The event times of the first and the last transaction that was evaluated.</summary>
    public required string? From { get; init; }

    public required string? To { get; init; }

    /// <summary>From when on frauds make their accounts known, and the label's delay; null where no account is left out.</summary>
    public required string? KnownFrom { get; init; }

    public required double? LabelDelayDays { get; init; }

    /// <summary>The accounts looked at a day.</summary>
    public required int Top { get; init; }

    public required InputCounts Input { get; init; }

    public required LeftOut LeftOut { get; init; }

    public required SetFigures All { get; init; }

    /// <summary>The mean over the days.</summary>
    public required double? CardPrecision { get; init; }

    /// <summary>What scores that are the labels themselves would get: the days' compromised accounts are fewer than those looked at.</summary>
    public required double? CardPrecisionOfPerfectScores { get; init; }

    public required IReadOnlyList<DayReport> Days { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>Transactions with a decision and a label that are not evaluated, and those of the period that are labelled and were not decided.</summary>
internal sealed record LeftOut(long OutsidePeriod, long OfKnownAccounts, long FraudsOfKnownAccounts, long Undecided, long UndecidedFrauds, long WithoutTime);

/// <summary>The figures of some transactions.</summary>
internal sealed record SetFigures(
    long Transactions, long Frauds, long Genuine, int Accounts, int CompromisedAccounts, double? AucRoc, double? AveragePrecision, IReadOnlyList<CutoffReport> Cutoffs);

/// <summary>One cut-off; its threshold is null where outcomes decide.</summary>
internal sealed record CutoffReport(
    string Cutoff, double? Threshold, long Stopped, long FraudStopped, long FraudPassed, long GenuineStopped, long GenuinePassed, double? Precision, double? Recall, double? FalsePositiveRate, double? F1);

/// <summary>One day: the figures of all its transactions, and of Card Precision, for which the accounts found before are out.</summary>
internal sealed record DayReport(
    string Day, SetFigures All, double CardPrecision, int AccountsFound, int AccountsToFind, int AccountsRanked, int AccountsTied, int PlacesOfTied);

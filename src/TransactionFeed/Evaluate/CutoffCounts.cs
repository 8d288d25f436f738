namespace TransactionFeed.Evaluate;

/// <summary>What is stopped and what is let pass at one cut-off. A share whose whole is nothing is null.</summary>
internal readonly record struct CutoffCounts(long FraudStopped, long FraudPassed, long GenuineStopped, long GenuinePassed)
{
    /// <summary>The share of frauds among what is stopped.</summary>
    public double? Precision => Share(FraudStopped, FraudStopped + GenuineStopped);

    /// <summary>The share of the frauds that is stopped; the true-positive rate.</summary>
    public double? Recall => Share(FraudStopped, FraudStopped + FraudPassed);

    /// <summary>The share of the genuine transactions that is stopped.</summary>
    public double? FalsePositiveRate => Share(GenuineStopped, GenuineStopped + GenuinePassed);

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double? F1 => Share(2 * FraudStopped, (2 * FraudStopped) + FraudPassed + GenuineStopped);

    public static CutoffCounts Of(ReadOnlySpan<Scored> transactions, Cutoff cutoff)
    {
        long fraudStopped = 0, fraudPassed = 0, genuineStopped = 0, genuinePassed = 0;
        foreach (ref readonly var transaction in transactions)
        {
            var isStopped = cutoff.Stops(transaction);
            fraudStopped += isStopped && transaction.IsFraud ? 1 : 0;
            fraudPassed += !isStopped && transaction.IsFraud ? 1 : 0;
            genuineStopped += isStopped && !transaction.IsFraud ? 1 : 0;
            genuinePassed += !isStopped && !transaction.IsFraud ? 1 : 0;
        }

        return new CutoffCounts(fraudStopped, fraudPassed, genuineStopped, genuinePassed);
    }

    private static double? Share(long count, long of) => of > 0 ? (double)count / of : null;
}

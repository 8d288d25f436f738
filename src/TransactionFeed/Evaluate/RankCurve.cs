namespace TransactionFeed.Evaluate;

/// <summary>
/// What a threshold on the score finds, for every threshold: one point for each score that occurs, the highest first. Transactions of equal score stand or fall
/// together, so ties need no order.
/// </summary>
internal sealed class RankCurve
{
    private RankCurve(IReadOnlyList<RankPoint> points) => Points = points;

    public IReadOnlyList<RankPoint> Points { get; }

    public long Frauds => Points.Count > 0 ? Points[^1].Frauds : 0;

    public long Genuine => Points.Count > 0 ? Points[^1].Genuine : 0;

    public static RankCurve Of(ReadOnlySpan<Scored> transactions)
    {
        var scores = new double[transactions.Length];
        var areFrauds = new bool[transactions.Length];
        for (var i = 0; i < transactions.Length; i++)
        {
            scores[i] = transactions[i].Score;
            areFrauds[i] = transactions[i].IsFraud;
        }

        Array.Sort(scores, areFrauds);
        var points = new List<RankPoint>();
        long frauds = 0, genuine = 0;
        for (var i = scores.Length - 1; i >= 0; i--)
        {
            frauds += areFrauds[i] ? 1 : 0;
            genuine += areFrauds[i] ? 0 : 1;
            if (i == 0 || scores[i - 1] != scores[i])
            {
                points.Add(new RankPoint(scores[i], frauds, genuine));
            }
        }

        return new RankCurve(points);
    }

    /// <summary>
    /// The probability that a fraud has a higher score than a genuine transaction, an equal score counting half: the area under the ROC curve, and the Mann-Whitney
    /// statistic with midranks. Null where there are no frauds or nothing else.
    /// </summary>
    public double? AucRoc()
    {
        if (Frauds == 0 || Genuine == 0)
        {
            return null;
        }

        // Twice the pairs that are won, in whole numbers: exact, whatever the order of addition.
        Int128 won = 0;
        RankPoint before = default;
        foreach (var point in Points)
        {
            var below = Genuine - point.Genuine;
            won += (Int128)(point.Frauds - before.Frauds) * ((2 * below) + (point.Genuine - before.Genuine));
            before = point;
        }

        return (double)won / (2.0 * Frauds * Genuine);
    }

    /// <summary>
    /// The sum over the scores, from the highest, of (recall - recall before) * precision: scikit-learn's <c>average_precision_score</c>, which does not interpolate.
    /// Null where there are no frauds.
    /// </summary>
    public double? AveragePrecision()
    {
        if (Frauds == 0)
        {
            return null;
        }

        var sum = 0.0;
        RankPoint before = default;
        foreach (var point in Points)
        {
            sum += (point.Frauds - before.Frauds) * point.Precision;
            before = point;
        }

        return sum / Frauds;
    }
}

/// <summary>The frauds and the genuine transactions whose score is at least <paramref name="Score"/>.</summary>
internal readonly record struct RankPoint(double Score, long Frauds, long Genuine)
{
    public double Precision => (double)Frauds / (Frauds + Genuine);
}

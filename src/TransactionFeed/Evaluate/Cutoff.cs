using System.Globalization;

namespace TransactionFeed.Evaluate;

/// <summary>From where on a transaction counts as stopped: a score, or an outcome.</summary>
/// <param name="Threshold">The lowest score that is stopped; null where the outcome decides.</param>
/// <param name="Mildest">The mildest outcome that is stopped; None where the score decides.</param>
internal readonly record struct Cutoff(double? Threshold, GivenOutcome Mildest)
{
    public static Cutoff ReviewOrDecline => new(null, GivenOutcome.Review);

    public static Cutoff Decline => new(null, GivenOutcome.Decline);

    public string Name => Threshold is { } threshold
        ? string.Create(CultureInfo.InvariantCulture, $"score >= {threshold}")
        : Mildest == GivenOutcome.Review ? "review or decline" : "decline";

    public static Cutoff AtScore(double threshold) => new(threshold, GivenOutcome.None);

    public bool Stops(in Scored transaction) => Threshold is { } threshold ? transaction.Score >= threshold : transaction.Outcome >= Mildest;
}

namespace TransactionFeed.Evaluate;

/// <summary>A transaction of the test set: its score, a finite number, and what it turned out to be.</summary>
/// <param name="Account">A number of the account's.</param>
/// <param name="Day">The day of its event time in UTC, counted from 0001-01-01; <see cref="NoDay"/> where its time is not known.</param>
internal readonly record struct Scored(double Score, bool IsFraud, GivenOutcome Outcome, int Account, int Day)
{
    public const int NoDay = -1;
}

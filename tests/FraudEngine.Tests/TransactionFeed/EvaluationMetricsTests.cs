using FsCheck;
using FsCheck.Fluent;
using TransactionFeed.Evaluate;

namespace FraudEngine.Tests.TransactionFeed;

/// <summary>The figures against their definitions, counted out one by one, on random sets with many ties.</summary>
public class EvaluationMetricsTests
{
    private static readonly Arbitrary<int> Seeds = Arb.From(Gen.Choose(0, int.MaxValue));

    [Fact]
    public void The_example_of_scikit_learn_has_its_figures()
    {
        var curve = RankCurve.Of([Of(0.1, false), Of(0.4, false), Of(0.35, true), Of(0.8, true)]);

        Assert.Equal(0.75, curve.AucRoc());
        Assert.Equal(0.8333, curve.AveragePrecision()!.Value, 4);
    }

    [Fact]
    public void Equal_scores_give_a_half_and_the_share_of_frauds()
    {
        var curve = RankCurve.Of([Of(0.3, false), Of(0.3, true), Of(0.3, false), Of(0.3, false)]);

        Assert.Equal(0.5, curve.AucRoc());
        Assert.Equal(0.25, curve.AveragePrecision());
    }

    [Fact]
    public void What_has_no_answer_is_null()
    {
        var (none, genuine, frauds) = (RankCurve.Of([]), RankCurve.Of([Of(0.3, false)]), RankCurve.Of([Of(0.3, true)]));

        Assert.Equal([null, null, null, null, null], [none.AucRoc(), none.AveragePrecision(), genuine.AucRoc(), genuine.AveragePrecision(), frauds.AucRoc()]);
        Assert.Equal(1, frauds.AveragePrecision());
        Assert.Equal([null, null, null, null], new double?[] { default(CutoffCounts).Precision, default(CutoffCounts).Recall, default(CutoffCounts).FalsePositiveRate, default(CutoffCounts).F1 });
        Assert.Null(CardPrecision.Mean(CardPrecision.Of([Of(0.3, true) with { Day = Scored.NoDay }], 1, ["a"])));
    }

    [Fact]
    public void Auc_roc_is_the_share_of_pairs_in_the_right_order() => Prop.ForAll(Seeds, static seed =>
    {
        var set = RandomSet(seed);
        var pairs = (from fraud in set where fraud.IsFraud from genuine in set where !genuine.IsFraud select fraud.Score > genuine.Score ? 1 : fraud.Score == genuine.Score ? 0.5 : 0).ToList();
        AssertClose(pairs.Count == 0 ? null : pairs.Average(), RankCurve.Of(set).AucRoc());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Average_precision_sums_precision_over_the_steps_of_recall() => Prop.ForAll(Seeds, static seed =>
    {
        var set = RandomSet(seed);
        var frauds = set.Count(static one => one.IsFraud);
        var (sum, recallBefore) = (0.0, 0.0);
        foreach (var threshold in set.Select(static one => one.Score).Distinct().OrderDescending())
        {
            var at = CutoffCounts.Of(set, Cutoff.AtScore(threshold));
            sum += ((at.Recall ?? 0) - recallBefore) * at.Precision!.Value;
            recallBefore = at.Recall ?? 0;
        }

        AssertClose(frauds == 0 ? null : sum, RankCurve.Of(set).AveragePrecision());
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Cutoffs_count_what_they_say() => Prop.ForAll(Seeds, static seed =>
    {
        var set = RandomSet(seed);
        foreach (var (cutoff, stops) in new (Cutoff, Func<Scored, bool>)[]
        {
            (Cutoff.AtScore(0.4), static one => one.Score >= 0.4), (Cutoff.AtScore(2), static _ => false),
            (Cutoff.ReviewOrDecline, static one => one.Outcome is GivenOutcome.Review or GivenOutcome.Decline), (Cutoff.Decline, static one => one.Outcome == GivenOutcome.Decline),
        })
        {
            var counts = CutoffCounts.Of(set, cutoff);
            var stopped = set.Where(stops).ToList();
            var (found, frauds) = (stopped.Count(static one => one.IsFraud), set.Count(static one => one.IsFraud));
            Assert.Equal(new CutoffCounts(found, frauds - found, stopped.Count - found, set.Length - frauds - (stopped.Count - found)), counts);
            AssertClose(counts.Precision + counts.Recall > 0 ? 2 * counts.Precision * counts.Recall / (counts.Precision + counts.Recall) : frauds + stopped.Count > 0 ? 0 : null, counts.F1);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Card_precision_is_the_handbook_s() => Prop.ForAll(Seeds, static seed =>
    {
        var set = RandomSet(seed);
        string[] names = ["b", "a", "d", "c", "10", "9"];
        var top = 1 + (seed % 4);
        var found = new HashSet<int>();
        var expected = new List<double>();
        foreach (var day in set.Where(static one => one.Day != Scored.NoDay).GroupBy(static one => one.Day).OrderBy(static day => day.Key))
        {
            var looked = day.GroupBy(static one => one.Account).Where(card => !found.Contains(card.Key))
                .OrderByDescending(static card => card.Max(static one => one.Score)).ThenBy(card => names[card.Key], StringComparer.Ordinal).Take(top).ToList();
            var hits = looked.Where(static card => card.Any(static one => one.IsFraud)).Select(static card => card.Key).ToList();
            expected.Add((double)hits.Count / top);
            found.UnionWith(hits);
        }

        Assert.Equal(expected, CardPrecision.Of(set, top, names).Select(static day => day.Precision));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_of_the_transactions_changes_nothing() => Prop.ForAll(Seeds, static seed =>
    {
        var set = RandomSet(seed);
        var other = (Scored[])set.Clone();
        new Random(seed).Shuffle(other);
        string[] names = ["b", "a", "d", "c", "10", "9"];
        Assert.Equal(RankCurve.Of(set).Points, RankCurve.Of(other).Points);
        Assert.Equal(CardPrecision.Of(set, 2, names), CardPrecision.Of(other, 2, names));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_day_says_where_only_account_ids_decide()
    {
        var day = Assert.Single(CardPrecision.Of([Of(0.9, false), Of(0.5, true, 1), Of(0.5, false, 2), Of(0.5, true, 3), Of(0.1, false, 4)], 3, ["e", "d", "c", "b", "a"]));

        Assert.Equal(new CardDay(7, Top: 3, Found: 1, Compromised: 2, Accounts: 5, Tied: 3, TiedPlaces: 2), day);
    }

    [Theory]
    [InlineData("2018-08-08", 0)]
    [InlineData("2018-08-08T01:02:03Z", 3723)]
    [InlineData("2018-08-08 01:02:03", 3723)]
    [InlineData("2018-08-08T01:02:03.5Z", 3723.5)]
    [InlineData("2018-08-08T01:02:03.123456789+02:00", -3476.8765433)]
    [InlineData("2018-08-07T23:30:00-01:30", 3600)]
    public void Times_are_rfc_3339_or_dates(string text, double seconds)
    {
        Assert.True(EventInstant.TryRead(System.Text.Encoding.UTF8.GetBytes(text), out var ticks));
        Assert.Equal(seconds, TimeSpan.FromTicks(ticks - new DateTime(2018, 8, 8).Ticks).TotalSeconds, 6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12:00")]
    [InlineData("2018-08-32")]
    [InlineData("2018-02-29")]
    [InlineData("2018-08-08T")]
    [InlineData("2018-08-08T25:00:00Z")]
    [InlineData("2018-08-08T01:02:03.Z")]
    [InlineData("2018-08-08T01:02:03Zulu")]
    [InlineData("0001-01-01T00:00:00+05:00")]
    [InlineData("0000-01-01")]
    [InlineData("2018-08-08T01:02:-3Z")]
    public void Other_texts_are_no_times(string text) => Assert.False(EventInstant.TryRead(System.Text.Encoding.UTF8.GetBytes(text), out _));

    private static Scored Of(double score, bool isFraud, int account = 0) => new(score, isFraud, GivenOutcome.Approve, account, 7);

    /// <summary>Few scores, accounts and days, so that most of them are shared; sometimes only frauds, or none.</summary>
    private static Scored[] RandomSet(int seed)
    {
        var random = new Random(seed);
        var share = random.Next(5) / 4.0;
        return
        [
            .. Enumerable.Range(0, random.Next(60)).Select(_ => new Scored(
                random.Next(6) / 5.0, random.NextDouble() < share, (GivenOutcome)random.Next(1, 4), random.Next(6), random.Next(4) - 1)),
        ];
    }

    private static void AssertClose(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        Assert.Equal(expected ?? 0, actual ?? 0, 1e-12);
    }
}

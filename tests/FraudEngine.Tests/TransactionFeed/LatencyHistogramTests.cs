using FsCheck;
using FsCheck.Fluent;
using TransactionFeed.Reports;

namespace FraudEngine.Tests.TransactionFeed;

public class LatencyHistogramTests
{
    private static readonly double[] Percents = [0.1, 1, 25, 50, 90, 99, 99.9, 100];

    [Fact]
    public void Percentiles_are_those_of_the_sorted_values_within_the_width_of_a_bucket() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<long>>(), (NonEmptyArray<long> given) =>
        {
            // Spread over all orders of magnitude.
            var values = given.Get.Select((value, i) => Math.Abs(value % 1_000_000) << (i % 40)).ToArray();
            var histogram = new LatencyHistogram();
            Array.ForEach(values, histogram.Record);
            Array.Sort(values);
            foreach (var percent in Percents)
            {
                var exact = values[Math.Max(1, (int)Math.Ceiling(values.Length * percent / 100)) - 1];
                Assert.InRange(histogram.Percentile(percent), exact, exact + (exact >> 7));
            }

            Assert.Equal(values[^1], histogram.Percentile(100));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(long.MaxValue)]
    public void A_single_value_is_every_percentile(long value)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(value);

        Assert.All(Percents, percent => Assert.Equal(value, histogram.Percentile(percent)));
    }

    [Fact]
    public void Added_histograms_are_one_of_all_values()
    {
        var (one, other, both) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        for (var i = 0; i < 10_000; i++)
        {
            (i % 3 == 0 ? one : other).Record(i * i);
            both.Record(i * i);
        }

        one.Add(other);

        Assert.Equal(both.Count, one.Count);
        Assert.All(Percents, percent => Assert.Equal(both.Percentile(percent), one.Percentile(percent)));
    }

    [Fact]
    public void Without_values_everything_is_zero() => Assert.Equal(0, new LatencyHistogram().Percentile(99));
}

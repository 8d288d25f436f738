using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

public class SampleDeviationTests
{
    [Theory]
    [InlineData("7", "0")]
    [InlineData("5 5 5", "0")]
    [InlineData("1 2", "0.707106")]
    [InlineData("1 2 3", "1")]
    [InlineData("2 4 4 4 5 5 7 9", "2.138089")]
    [InlineData("999999999999 0", "707106781185.840417")]
    public void The_deviation_of_whole_amounts_is_as_known(string amounts, string deviation)
    {
        Payment[] payments = [.. amounts.Split(' ').Select((amount, i) => new Payment(i, Number(amount) * Money.UnitsPerWhole))];
        var shown = WindowTable.LastSees(WindowFunction.Stddev, TransactionField.Amount, 100, payments);
        Assert.Equal(decimal.Parse(deviation, CultureInfo.InvariantCulture), shown.Number);
    }

    [Fact]
    public void As_many_of_the_largest_amounts_as_can_be_kept_do_not_overflow()
    {
        UInt128 units = 9_999_999_999_999_999;
        UInt128 count = WindowPlan.EventsMaxLimit;
        var totals = checked(new AmountTotals(units * count, units * units * count));
        Assert.Equal(0, SampleDeviation.Of(totals, WindowPlan.EventsMaxLimit));
        Assert.Equal(577_350_269.189625m, SampleDeviation.Of(totals.Plus(0).Minus((long)units), WindowPlan.EventsMaxLimit));
    }

    [Fact]
    public void A_root_is_rounded_down()
    {
        foreach (var root in new ulong[] { 1, 2, 3, 1_000, uint.MaxValue, 1UL << 32, 123_456_789_012_345_678 })
        {
            var square = (UInt128)root * root;
            Assert.Equal(root, SampleDeviation.Root(square));
            Assert.Equal(root - 1, SampleDeviation.Root(square - 1));
            Assert.Equal(root, SampleDeviation.Root(square + root + root));
        }

        Assert.Equal(0UL, SampleDeviation.Root(0));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}

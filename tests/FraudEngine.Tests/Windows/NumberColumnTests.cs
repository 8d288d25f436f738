using FraudEngine.Windows;

namespace FraudEngine.Tests.Windows;

public class NumberColumnTests
{
    private const long Unit = 10_000;

    /// <summary>Numbers that ascend, come late, are no multiples of the unit, are far from each other, or as far as can be.</summary>
    [Theory]
    [InlineData(1, Unit, 0, 1_000_000)]
    [InlineData(2, Unit, long.MaxValue / 2, 1_000_000)]
    [InlineData(3, Unit, long.MaxValue / 2, 4_000_000_000)]
    [InlineData(4, Unit, -5, long.MaxValue / Unit)]
    [InlineData(5, 1, long.MinValue, 1_000_000)]
    [InlineData(6, 10, 0, 1_000_000_000)]
    [InlineData(7, 3, 1, 5_000_000_000)]
    public void What_was_put_in_is_read(int seed, long multipleOf, long start, long spread)
    {
        var random = new Random(seed);
        var column = new NumberColumn(Unit);
        var expected = new List<long>();
        var (first, end, capacity) = (0, 0, 0);
        for (var i = 0; i < 3_000; i++)
        {
            if (expected.Count > 0 && random.Next(3) == 0)
            {
                expected.RemoveAt(0);
                first++;
            }

            if (end == capacity)
            {
                capacity = expected.Count + 5;
                Move(ref column, first, end, capacity);
                (first, end) = (0, expected.Count);
            }

            var value = unchecked(start + (multipleOf * random.NextInt64(spread)));
            var at = random.Next(expected.Count + 1);
            column.Insert(first + at, first, end, capacity, value);
            expected.Insert(at, value);
            end++;
            for (var place = 0; place < expected.Count; place += 1 + random.Next(8))
            {
                Assert.Equal(expected[place], column[first + place]);
            }
        }
    }

    [Fact]
    public void The_base_moves_with_the_numbers()
    {
        var column = new NumberColumn(Unit);
        Move(ref column, 0, 0, 4);
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        for (var i = 0; i < 1_000; i++)
        {
            // Never more than three, a week apart.
            column.Insert(i == 0 ? 0 : Math.Min(i, 3), i == 0 ? 0 : Math.Max(0, Math.Min(i, 3) - 2), Math.Min(i, 3), 4, now + (i * 7 * TimeSpan.TicksPerDay));
            if (i >= 3)
            {
                Move(ref column, 1, 4, 4);
            }
        }

        Assert.Equal(now + (999 * 7 * TimeSpan.TicksPerDay), column[2]);
        Assert.Equal(now + (998 * 7 * TimeSpan.TicksPerDay), column[1]);
    }

    /// <summary>What a narrow column gives in memory is the reason that there is one.</summary>
    [Theory]
    [InlineData(Unit, 4)]
    [InlineData(1, 8)]
    public void Whole_multiples_of_the_unit_take_four_bytes(long multipleOf, int bytes)
    {
        const int count = 1_000_000;
        var column = new NumberColumn(Unit);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Move(ref column, 0, 0, count);
        var narrow = GC.GetAllocatedBytesForCurrentThread() - before;
        column.Insert(0, 0, 0, count, 1_000_000_000_000_000_000);
        column.Insert(1, 0, 1, count, 1_000_000_000_000_000_000 + multipleOf);
        var all = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(bytes == 4 ? all : all - narrow, (long)bytes * count, ((long)bytes * count) + 1_000);
    }

    /// <summary>As where it is the only column.</summary>
    private static void Move(ref NumberColumn column, int first, int end, int capacity)
    {
        var start = 0;
        column.Move(first, end, capacity, new byte[column.Bytes.BlockBytes(capacity)], ref start);
    }
}

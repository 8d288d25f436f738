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
        var only = new OnlyColumn();
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
                only.Move(first, end, capacity);
                (first, end) = (0, expected.Count);
            }

            var value = unchecked(start + (multipleOf * random.NextInt64(spread)));
            var at = random.Next(expected.Count + 1);
            only.Insert(first + at, first, end, value);
            expected.Insert(at, value);
            end++;
            for (var place = 0; place < expected.Count; place += 1 + random.Next(8))
            {
                Assert.Equal(expected[place], only[first + place]);
            }
        }
    }

    [Fact]
    public void The_base_moves_with_the_numbers()
    {
        var only = new OnlyColumn();
        only.Move(0, 0, 4);
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
        for (var i = 0; i < 1_000; i++)
        {
            // Never more than three, a week apart.
            only.Insert(Math.Min(i, 3), Math.Max(0, Math.Min(i, 3) - 2), Math.Min(i, 3), now + (i * 7 * TimeSpan.TicksPerDay));
            if (i >= 3)
            {
                only.Move(1, 4, 4);
            }
        }

        Assert.Equal(now + (999 * 7 * TimeSpan.TicksPerDay), only[2]);
        Assert.Equal(now + (998 * 7 * TimeSpan.TicksPerDay), only[1]);
        Assert.Equal(sizeof(uint), only.Width);
    }

    /// <summary>What a narrow column gives in memory is the reason that there is one.</summary>
    [Theory]
    [InlineData(Unit, 4)]
    [InlineData(1, 8)]
    public void Whole_multiples_of_the_unit_take_four_bytes(long multipleOf, int bytes)
    {
        var only = new OnlyColumn();
        only.Move(0, 0, 2);
        only.Insert(0, 0, 0, 1_000_000_000_000_000_000);
        only.Insert(1, 0, 1, 1_000_000_000_000_000_000 + multipleOf);
        Assert.Equal(bytes, only.Width);
        Assert.Equal([1_000_000_000_000_000_000, 1_000_000_000_000_000_000 + multipleOf], [only[0], only[1]]);
    }

    /// <summary>A column alone in its block.</summary>
    private sealed class OnlyColumn
    {
        private NumberColumn _column = new(Unit);
        private byte[] _block = [];
        private int _capacity;

        public int Width => _column.Bytes.Width;

        public long this[int at] => _column.At(_block, at);

        public void Insert(int at, int first, int end, long value)
        {
            _column.MakeFit(_block, first, end, value);
            if (_column.Bytes.IsTooNarrow)
            {
                Lay(first, end, 0, _capacity);
            }

            _column.Insert(_block, at, end, value);
        }

        /// <summary>To the front, as where the capacity is as it was that is within the same block.</summary>
        public void Move(int first, int end, int capacity) => Lay(first, end, first, capacity);

        private void Lay(int first, int end, int by, int capacity)
        {
            var start = 0;
            var block = capacity == _capacity && !_column.Bytes.IsToChange ? _block : new byte[_column.Bytes.BlockBytes(capacity)];
            _column.Lay(_block, first, end, by, block, capacity, ref start);
            (_block, _capacity) = (block, capacity);
        }
    }
}

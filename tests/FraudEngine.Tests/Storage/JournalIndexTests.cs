using FraudEngine.Storage.Sqlite;

namespace FraudEngine.Tests.Storage;

/// <summary>The rows that wait in memory, and which of them are written when; the disk is a list here.</summary>
public sealed class JournalIndexTests
{
    [Fact]
    public void Rows_come_and_go_as_those_of_lists_do()
    {
        var random = new Random(1);
        var rows = new WaitingRows<EntityRow>();
        var lists = new Dictionary<long, List<EntityRow>>();
        for (var position = 1L; position < 20_000; position++)
        {
            var key = 1 + random.Next(random.Next(2) == 0 ? 3 : 3000);
            if (random.Next(4) == 0)
            {
                rows.Remove(key);
                lists.Remove(key);
            }

            lists[key] = [.. lists.GetValueOrDefault(key, []), new EntityRow(position)];
            Assert.Equal(lists[key].Count, rows.Add(key, new EntityRow(position)));
            var copied = new List<EntityRow>();
            var after = random.NextInt64(position);
            var other = 1 + random.Next(3000);
            rows.CopyTo(other, after, copied);
            Assert.Equal(lists.GetValueOrDefault(other, []).Where(row => row.Position > after), copied);
            Assert.Equal(lists.GetValueOrDefault(other, []).Count, rows.CountOf(other));
        }

        Assert.Equal(lists.Values.Sum(list => list.Count), rows.Count);
    }

    [Fact]
    public void Numbers_are_gone_through_in_their_order()
    {
        var random = new Random(1);
        var set = new NumberSet();
        var sorted = new SortedSet<long>();
        for (var i = 0; i < 3000; i++)
        {
            var number = 1 + random.NextInt64(random.Next(2) == 0 ? 200 : 20_000);
            var isAdded = random.Next(3) > 0;
            _ = isAdded ? sorted.Add(number) : sorted.Remove(number);
            if (isAdded)
            {
                set.Add(number);
            }
            else
            {
                set.Remove(number);
            }

            var from = random.NextInt64(25_000);
            Assert.Equal(sorted.GetViewBetween(from, long.MaxValue).FirstOrDefault(), set.Next(from));
            Assert.Equal((isAdded, sorted.Count), (set.Contains(number), set.Count));
        }
    }

    [Theory]
    [InlineData(50_000, 0, 0)] // None has two rows in the tail.
    [InlineData(1_000, 0, 0)]
    [InlineData(50_000, 20, 990)] // Nearly all rows are those of a few.
    [InlineData(50_000, 20, 990, 700)] // And the engine is restarted all the time.
    [InlineData(50_000, 0, 0, 700)]
    [InlineData(50_000, 0, 0, 30_000)]
    [InlineData(5, 0, 0)]
    public void What_a_start_reads_again_stays_within_its_bound_and_no_row_before_it_is_missing_on_disk(int keys, int busy, int busyOfThousand, int life = int.MaxValue)
    {
        const int tailMax = 10_000;
        const int segmentRows = 64;
        var random = new Random(1);
        var index = new JournalIndex<EntityRow>(tailMax, segmentRows);
        var state = index.State;
        var rows = new List<long> { 0 };
        var onDisk = new Dictionary<long, long>();
        var longest = 0L;
        for (var commit = 1; rows.Count < 12 * tailMax; commit++)
        {
            var position = rows.Count;
            var appended = 1 + random.Next(100);
            index.ChooseDue(position, appended);
            var isStored = index.IsStateDue;
            if (random.Next(10) == 0)
            {
                index.Undone();
                continue;
            }

            Assert.InRange(index.Due.Sum(key => Waiting(index, key).Count), 0, 256 + (appended * 2) + tailMax);
            foreach (var key in index.Due)
            {
                onDisk[key] = Waiting(index, key)[^1].Position;
            }

            state = isStored ? index.State : state;
            index.RemoveDue();
            for (var i = 0; i < appended; i++)
            {
                var key = random.Next(1000) < busyOfThousand ? 1 + random.Next(busy) : 1 + random.Next(keys);
                index.Add(key, new EntityRow(rows.Count));
                rows.Add(key);
            }

            var tailStart = long.Parse(state.Split(' ')[0]);
            longest = Math.Max(longest, rows.Count - tailStart);
            if (commit % 100 == 0)
            {
                Assert.All(Enumerable.Range(1, (int)tailStart - 1), at => Assert.InRange(onDisk.GetValueOrDefault(rows[at]), at, int.MaxValue));
            }

            if (rows.Count % life < appended && rows.Count > life)
            {
                index = new JournalIndex<EntityRow>(tailMax, segmentRows);
                index.Begin(state);
                for (var at = (int)tailStart; at < rows.Count; at++)
                {
                    index.Add(rows[at], new EntityRow(at));
                }
            }
        }

        // Some more where what was written since the last store is chosen again after each start.
        Assert.InRange(longest, tailMax / 2, life == 700 ? tailMax * 3 / 2 : tailMax);
    }

    private static List<EntityRow> Waiting(JournalIndex<EntityRow> index, long key)
    {
        var rows = new List<EntityRow>();
        index.CopyDue(key, rows);
        return rows;
    }
}

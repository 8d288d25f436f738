using FraudEngine.Domain;
using FraudEngine.Rules.Lists;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Rules;

public class NamedListTests
{
    private const string LongText = "a-merchant-with-a-long-name";

    [Fact]
    public void A_list_is_empty_at_first()
    {
        var list = new NamedList("l");
        Assert.Equal(("l", 0), (list.Name, list.Count));
        Assert.False(list.Contains(TextKey.Of("x"), 0));
        Assert.False(list.Contains(default, 0));
        Assert.Null(list.ExpiryOf(TextKey.Of("x")));
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    [InlineData(101, false)]
    [InlineData(0, true)]
    public void An_entry_counts_before_its_expiry(long at, bool counts)
    {
        foreach (var text in (string[])["x", LongText])
        {
            var list = new NamedList("l").With([new ListChange(TextKey.Of(text), 100)]);
            Assert.Equal(counts, list.Contains(TextKey.Of(text), at));
            Assert.False(list.Contains(TextKey.Of("y"), at));
        }
    }

    [Fact]
    public void An_entry_without_expiry_always_counts()
    {
        var list = new NamedList("l").With([new ListChange(TextKey.Of("x"), ListChange.Never)]);
        Assert.True(list.Contains(TextKey.Of("x"), DateTime.MaxValue.Ticks));
        Assert.Equal(ListChange.Never, list.ExpiryOf(TextKey.Of("x")));
    }

    [Fact]
    public void A_removed_entry_does_not_count_and_counts_again_when_it_is_added_again()
    {
        var x = TextKey.Of("x");
        var added = new NamedList("l").With([new ListChange(x, ListChange.Never)]);
        var removed = added.With([new ListChange(x, null)]);
        var again = removed.With([new ListChange(x, 50)]);
        Assert.Equal((1, 0, 1), (added.Count, removed.Count, again.Count));
        Assert.True(added.Contains(x, 0));
        Assert.False(removed.Contains(x, 0));
        Assert.Null(removed.ExpiryOf(x));
        Assert.True(again.Contains(x, 49));
        Assert.False(again.Contains(x, 50));
    }

    /// <summary>Whatever the changes, and however they are cut into steps: each list that was made along the way still says what a plain dictionary said then.</summary>
    [Fact]
    public void A_list_says_what_a_plain_dictionary_says()
    {
        var change = from text in Gen.Choose(0, 400)
                     from expires in Gen.Frequency((3, Gen.Constant<long?>(null)), (2, Gen.Constant<long?>(ListChange.Never)), (2, Gen.Choose(0, 20).Select(at => (long?)at)))
                     select new ListChange(Key(text), expires);
        var steps = Gen.Choose(0, 150).SelectMany(size => change.ArrayOf(size)).ListOf(8);
        Check.One(Property.Runs(60), Prop.ForAll(Arb.From(steps), steps =>
        {
            var list = new NamedList("l");
            var model = new Dictionary<TextKey, long>();
            var made = new List<(NamedList List, Dictionary<TextKey, long> Model)>();
            foreach (var changes in steps)
            {
                list = list.With(changes);
                foreach (var (text, expires) in changes)
                {
                    model.Remove(text);
                    if (expires is { } ticks)
                    {
                        model.Add(text, ticks);
                    }
                }

                made.Add((list, new(model)));
            }

            return made.TrueForAll(one => Agrees(one.List, one.Model));
        }));
    }

    [Fact]
    public void Many_small_changes_of_a_large_list_do_not_copy_it()
    {
        const int entries = 200_000, changes = 2_000;
        var list = new NamedList("l").With([.. Enumerable.Range(0, entries).Select(i => new ListChange(Key(i), ListChange.Never))]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < changes; i++)
        {
            list = list.With([new ListChange(Key(entries + i), ListChange.Never)]);
        }

        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / changes;
        Assert.Equal(entries + changes, list.Count);
        Assert.InRange(each, 0, 10_000);
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        var list = new NamedList("l").With([.. Enumerable.Range(0, 10_000).Select(i => new ListChange(Key(i), 5))]).With([new ListChange(Key(3), null)]);
        var (key, other) = (Key(3), Key(4));
        Assert.True(list.Contains(other, 4));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isThere = list.Contains(key, 4) || !list.Contains(other, 4);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.False(isThere);
    }

    [Fact]
    public void Lists_are_found_by_name_and_an_unknown_one_is_empty()
    {
        var lists = NamedLists.Empty.With(1, new NamedList("a").With([new ListChange(Key(1), 5)])).With(2, new NamedList("b"));
        var changed = lists.With(3, new NamedList("a"));
        Assert.Equal((2, 3), (lists.Version, changed.Version));
        Assert.Equal((1, 0), (lists.Find("a").Count, changed.Find("a").Count));
        Assert.Equal(("c", 0), (lists.Find("c").Name, lists.Find("c").Count));
    }

    /// <summary>Some are short enough to stand in their key, some are not.</summary>
    private static TextKey Key(int i) => TextKey.Of(i % 3 == 0 ? $"{LongText}-{i}" : $"M-{i}");

    private static bool Agrees(NamedList list, Dictionary<TextKey, long> model) =>
        list.Count == model.Count
        && Enumerable.Range(0, 402).Select(Key).All(key =>
            list.ExpiryOf(key) == (model.TryGetValue(key, out var expires) ? expires : null)
            && ((long[])[0, 7, 20]).All(at => list.Contains(key, at) == (model.TryGetValue(key, out var until) && at < until)));
}

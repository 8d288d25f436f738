using FraudEngine.Domain;
using FraudEngine.Engine.Lists;
using FraudEngine.Rules.Lists;
using FraudEngine.Tests.Storage;

namespace FraudEngine.Tests.Engine;

public class ListBookTests
{
    private readonly SimulatedStore _store = new();

    [Fact]
    public async Task A_change_is_stored_before_it_is_published()
    {
        var journal = new SimulatedJournal(_store);
        var book = await ListBook.OpenAsync(journal);
        List<NamedLists> published = [];
        book.Changed = lists =>
        {
            Assert.Equal(lists.Version, _store.ListChanges.Count);
            Assert.Same(lists, book.Current);
            published.Add(lists);
            return Task.CompletedTask;
        };
        await book.PutAsync("a", Entries("x"));
        journal.ChangeFails = static () => true;
        await Assert.ThrowsAsync<IOException>(() => book.PutAsync("a", Entries("y")));
        Assert.Equal(1, book.Current.Version);
        Assert.Equal(1, book.Find("a")!.Count);
        journal.ChangeFails = static () => false;
        await book.PutAsync("a", Entries("z"));
        Assert.Equal([1L, 2L], published.Select(lists => lists.Version));
        Assert.True(published[1].Find("a").Contains(TextKey.Of("z"), 0));
        Assert.False(published[1].Find("a").Contains(TextKey.Of("y"), 0));
    }

    [Fact]
    public async Task A_change_says_what_it_added_changed_and_removed()
    {
        var book = await OpenAsync();
        Assert.Equal(Result(new("a", "http", 3, 1), added: 3), await book.ReplaceAsync("a", Entries("x", "y", "z@5")));
        Assert.Equal(Result(new("a", "http", 3, 2), added: 1, changed: 1, removed: 1), await book.ReplaceAsync("a", Entries("w", "y@7", "z@5")));
        Assert.Equal(Result(new("a", "http", 4, 3), added: 1, changed: 1), await book.PutAsync("a", Entries("v", "w@1", "y@7")));
        Assert.Equal(Result(new("a", "http", 3, 4), removed: 1), await book.RemoveAsync("a", " v "));
        Assert.Equal(Result(new("a", "http", 0, 5), removed: 3), await book.EmptyAsync("a"));
        Assert.Equal(Result(new("a", "http", 1, 6), added: 1), await book.PutAsync("a", Entries("y")));
    }

    [Fact]
    public async Task What_changes_nothing_has_no_version()
    {
        var book = await OpenAsync();
        await book.ReplaceAsync("a", Entries("x", "y@5"));
        var changes = 0;
        book.Changed = _ => Task.FromResult(changes++);
        var same = Result(new("a", "http", 2, 1));
        Assert.Equal(same, await book.ReplaceAsync("a", Entries("y@5", "x")));
        Assert.Equal(same, await book.PutAsync("a", Entries("x")));
        Assert.Equal(same, await book.PutAsync("a", new ListEntries()));
        Assert.Equal(same, await book.RemoveAsync("a", "unknown"));
        Assert.Equal(same, await book.ReleaseAsync("a"));
        Assert.Equal((0, 1), (changes, _store.ListChanges.Count));

        // An empty list is one all the same: it can be asked for.
        Assert.Equal(Result(new("b", "http", 0, 2)), await book.ReplaceAsync("b", new ListEntries()));
        Assert.Equal(Result(new("b", "http", 0, 2)), await book.EmptyAsync("b"));
    }

    [Fact]
    public async Task An_unknown_list_is_neither_emptied_nor_released()
    {
        var book = await OpenAsync();
        await book.PutAsync("blocked-merchants", Entries("x"));
        Assert.Equal(new ListChangeResult(ListRefusal.UnknownList, null), await book.EmptyAsync("blocked"));
        Assert.Equal(new ListChangeResult(ListRefusal.UnknownList, null), await book.RemoveAsync("blocked", "x"));
        Assert.Equal(new ListChangeResult(ListRefusal.UnknownList, null), await book.ReleaseAsync("blocked"));
        Assert.Equal("; did you mean 'blocked-merchants'?", book.Hint("blocked-merchant"));
    }

    [Fact]
    public async Task A_list_from_a_file_is_changed_by_the_file_only_until_that_is_gone()
    {
        var book = await OpenAsync();
        await book.PutAsync("a", Entries("x", "y"));
        Assert.Equal(Result(new("a", "a.txt", 2, 2), added: 1, removed: 1), await book.TakeFileAsync("a", "a.txt", Entries("y", "z")));
        var refused = new ListChangeResult(ListRefusal.FromFile, new("a", "a.txt", 2, 2));
        Assert.Equal(refused, await book.PutAsync("a", Entries("w")));
        Assert.Equal(refused, await book.ReplaceAsync("a", Entries("y", "z")));
        Assert.Equal(refused, await book.RemoveAsync("a", "y"));
        Assert.Equal(refused, await book.EmptyAsync("a"));
        Assert.Equal(Result(new("a", "a.txt", 1, 3), removed: 1), await book.TakeFileAsync("a", "a.txt", Entries("z")));
        Assert.Equal(Result(new("a", "http", 1, 4)), await book.ReleaseAsync("a"));
        Assert.Equal(Result(new("a", "http", 2, 5), added: 1), await book.PutAsync("a", Entries("w")));
    }

    [Fact]
    public async Task There_is_an_end_to_lists_and_to_entries()
    {
        var book = await OpenAsync();
        var large = new ListEntries();
        for (var i = 0; i < ListEntries.CountMax - 1; i++)
        {
            large.Add($"M-{i}");
        }

        await book.PutAsync("large", large);
        Assert.Equal(new ListChangeResult(ListRefusal.TooManyEntries, null), await book.PutAsync("other", Entries("x", "y")));
        Assert.Equal(ListRefusal.TooManyEntries, (await book.PutAsync("large", Entries("x", "y"))).Refusal);
        Assert.Equal(ListRefusal.None, (await book.PutAsync("other", Entries("x"))).Refusal);
        Assert.Equal(ListRefusal.None, (await book.ReplaceAsync("other", Entries("y"))).Refusal);
        Assert.Equal(ListRefusal.TooManyEntries, (await book.PutAsync("other", Entries("x"))).Refusal);
        for (var i = 2; i < ListBook.ListsMax; i++)
        {
            Assert.Equal(ListRefusal.None, (await book.PutAsync($"l{i}", new ListEntries())).Refusal);
        }

        Assert.Equal(new ListChangeResult(ListRefusal.TooManyLists, null), await book.PutAsync("one-more", new ListEntries()));
        Assert.Equal(ListRefusal.None, (await book.RemoveAsync("large", "M-5")).Refusal);
    }

    [Fact]
    public async Task Lists_are_as_they_were_after_a_restart_and_as_of_any_version()
    {
        var book = await OpenAsync();
        await book.PutAsync("a", Entries("x@50", "y"));
        await book.RemoveAsync("a", "y");
        await book.TakeFileAsync("b", "b.txt", Entries("z"));

        var again = await OpenAsync();
        Assert.Equal([new("a", "http", 1, 2), new ListSummary("b", "b.txt", 1, 3)], again.Summaries);
        Assert.Equal(3, again.Current.Version);
        Assert.True(again.Current.Find("a").Contains(TextKey.Of("x"), 49));
        Assert.False(again.Current.Find("a").Contains(TextKey.Of("x"), 50));
        Assert.Equal([new ListEntry("x", 50)], await again.ReadAsync("a", null, 10));
        Assert.Equal([new ListEntry("z", null)], await again.ReadAsync("b", "y", 10));

        var before = ListBook.Load(await new SimulatedJournal(_store).ReadListsAsync(1));
        Assert.Equal(1, before.Version);
        Assert.True(before.Find("a").Contains(TextKey.Of("y"), 0));
        Assert.Equal(0, before.Find("b").Count);
    }

    [Fact]
    public async Task Changes_at_the_same_time_are_made_one_after_the_other()
    {
        const int changes = 200;
        var book = await OpenAsync();
        var versions = new List<long>();
        book.Changed = lists =>
        {
            versions.Add(lists.Version);
            return Task.CompletedTask;
        };
        await Task.WhenAll(Enumerable.Range(0, changes).Select(i => Task.Run(() => book.PutAsync("a", Entries($"x{i}")))));
        Assert.Equal(Enumerable.Range(1, changes).Select(i => (long)i), versions);
        Assert.Equal(changes, book.Find("a")!.Count);
        Assert.Equal(changes, (await book.ReadAsync("a", null, 1000)).Count);
    }

    [Theory]
    [InlineData("blocked-merchants", true)]
    [InlineData("a", true)]
    [InlineData("0-", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("A", false)]
    [InlineData("a_b", false)]
    [InlineData("a b", false)]
    [InlineData("é", false)]
    [InlineData("a/b", false)]
    public void A_name_is_as_a_rule_s_id(string name, bool isName) => Assert.Equal(isName, ListBook.IsName(name));

    [Fact]
    public void A_name_has_at_most_64_characters()
    {
        Assert.True(ListBook.IsName(new string('a', 64)));
        Assert.False(ListBook.IsName(new string('a', 65)));
    }

    private Task<ListBook> OpenAsync() => ListBook.OpenAsync(new SimulatedJournal(_store));

    private static ListChangeResult Result(ListSummary list, int added = 0, int changed = 0, int removed = 0) => new(ListRefusal.None, list, added, changed, removed);

    /// <summary>Texts, with ticks behind an @ where they expire.</summary>
    private static ListEntries Entries(params string[] texts)
    {
        var entries = new ListEntries();
        foreach (var text in texts)
        {
            Assert.Null(text.Split('@') is [var name, var ticks] ? entries.Add(name, TimestampText.Format(long.Parse(ticks))) : entries.Add(text));
        }

        return entries;
    }
}

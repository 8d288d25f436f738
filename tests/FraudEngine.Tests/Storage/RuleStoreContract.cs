using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Storage;
using FraudEngine.Tests.Servers;

namespace FraudEngine.Tests.Storage;

/// <summary>What every rule store must do. Each implementation's tests derive from it.</summary>
public abstract class RuleStoreContract
{
    private const long Never = long.MaxValue;

    private static readonly ReasonCode Told =
        new("told", "Told", isAgainst: false, texts: ImmutableSortedDictionary<string, string>.Empty.Add("de", "„Größe“ {amount}").Add("fr", "Dit"));

    /// <summary>Opens the store of this test, which holds what was stored before in the same test.</summary>
    private protected abstract IRuleStore Open();

    [ContractFact]
    public async Task A_rule_set_keeps_its_number_and_its_reasons()
    {
        int first = 0, other = 0;
        await InAsync(async store =>
        {
            first = await store.RegisterAsync("r", 1, "text", [new ReasonCode("x", "Warum \"so\"?"), Told]);
            Assert.Equal(first, await store.RegisterAsync("r", 1, "text", [new ReasonCode("x", "Warum \"so\"?"), Told]));
            other = await store.RegisterAsync("r", 1, "other text", []);
            Assert.NotEqual(first, other);
            Assert.Equal("r@1", ((IJournal)store).Catalog[other].Reference);
        });

        await InAsync(async store =>
        {
            var catalog = ((IJournal)store).Catalog;
            Assert.Equal("r@1", catalog[first].Reference);
            Assert.Equal(["Warum \"so\"?", "Told"], catalog[first].Reasons.Select(reason => reason.Text));
            Assert.Equal(Told.Texts, catalog[first].Reasons[1].Texts);
            Assert.Equal(first, await store.RegisterAsync("r", 1, "text", [new ReasonCode("x", "Warum \"so\"?"), Told]));
            Assert.True(catalog.HasNamesake(first));
            Assert.Equal([new StoredRuleSet(first, "r", 1, "text"), new StoredRuleSet(other, "r", 1, "other text")], await store.ReadRuleSetsAsync());
        });
    }

    [ContractFact]
    public async Task Changes_of_the_rule_set_in_force_are_kept_in_order()
    {
        RuleSetChange[] changes = [new(2, 100, "start"), new(1, 99, "http"), new(1, 101, "file"), new(2, long.MaxValue, "rollback")];
        await InAsync(async store =>
        {
            Assert.Empty(await store.ReadChangesAsync());
            foreach (var change in changes)
            {
                await store.PutInForceAsync(change);
            }
        });

        await InAsync(async store => Assert.Equal(changes, await store.ReadChangesAsync()));
    }

    [ContractFact]
    public async Task A_model_keeps_its_number_its_trees_and_its_reasons_and_is_no_rule_set()
    {
        byte[] trees = [0, 1, 2, 255], otherTrees = [0, 1, 2];
        int rules = 0, model = 0, other = 0;
        await InAsync(async store =>
        {
            Assert.Empty(await store.ReadModelsAsync());
            rules = await store.RegisterAsync("r", 1, "text", []);
            model = await store.RegisterModelAsync("r", 1, "text", trees, [new ReasonCode("amount", "Betrag")]);
            other = await store.RegisterModelAsync("r", 1, "text", otherTrees, []);
            Assert.Equal(3, new HashSet<int> { rules, model, other }.Count);
            Assert.Equal(model, await store.RegisterModelAsync("r", 1, "text", trees, [new ReasonCode("amount", "Betrag")]));
            Assert.Equal(rules, await store.RegisterAsync("r", 1, "text", []));
            Assert.Equal("Betrag", Assert.Single(((IJournal)store).Catalog[model].Reasons).Text);
        });

        await InAsync(async store =>
        {
            Assert.Equal("r@1", ((IJournal)store).Catalog[model].Reference);
            Assert.Equal("Betrag", Assert.Single(((IJournal)store).Catalog[model].Reasons).Text);
            Assert.Equal([new StoredModel(model, "r", 1, "text"), new StoredModel(other, "r", 1, "text")], await store.ReadModelsAsync());
            Assert.Equal([new StoredRuleSet(rules, "r", 1, "text")], await store.ReadRuleSetsAsync());
            Assert.Equal(trees, await store.ReadTreesAsync(model));
            Assert.Equal(otherTrees, await store.ReadTreesAsync(other));
            await Assert.ThrowsAsync<InvalidDataException>(() => store.ReadTreesAsync(rules));
            Assert.Equal(model, await store.RegisterModelAsync("r", 1, "text", trees, []));
            Assert.Equal(other + 1, await store.RegisterAsync("r", 2, "text", []));
            Assert.Equal(other + 2, await store.RegisterModelAsync("r", 2, "text", trees, []));
        });
    }

    [ContractFact]
    public async Task Changes_of_the_model_in_force_are_kept_in_order_apart_from_those_of_the_rules()
    {
        RuleSetChange[] changes = [new(2, 100, "start"), new(0, 99, "http"), new(2, 101, "rollback")];
        await InAsync(async store =>
        {
            Assert.Empty(await store.ReadModelChangesAsync());
            await store.PutInForceAsync(new RuleSetChange(1, 50, "start"));
            foreach (var change in changes)
            {
                await store.PutModelInForceAsync(change);
            }
        });

        await InAsync(async store =>
        {
            Assert.Equal(changes, await store.ReadModelChangesAsync());
            Assert.Equal([new RuleSetChange(1, 50, "start")], await store.ReadChangesAsync());
        });
    }

    [ContractFact]
    public async Task There_are_no_lists_before_the_first_change()
    {
        await InAsync(async store =>
        {
            Assert.Equal((0, 0), ((await store.ReadListsAsync()).Version, (await store.ReadListsAsync()).Lists.Count));
            Assert.Empty((await store.ReadListsAsync(0)).Lists);
            Assert.Empty(await store.ReadListAsync("unknown", null, 10));
        });
    }

    [ContractFact]
    public async Task Each_version_of_the_lists_can_be_read_back()
    {
        string[] expected =
        [
            "",
            "a(http 1): x",
            "a(http 1): x; b(b.txt 2): y@500 z",
            "a(http 3): x@900; b(b.txt 2): y@500 z",
            "a(http 4): ; b(b.txt 2): y@500 z",
            "a(http 4): ; b(b.txt 5): v x y",
            "a(http 6): w x@7; b(b.txt 5): v x y",
            "a(http 6): w x@7; b(http 7): v x y",
        ];
        await InAsync(async store =>
        {
            Assert.Equal(1, await store.ChangeListAsync("a", "http", [new("x", Never)]));
            Assert.Equal(2, await store.ChangeListAsync("b", "b.txt", [new("z", Never), new("y", 500)]));
            Assert.Equal(3, await store.ChangeListAsync("a", "http", [new("x", 900)]));
            Assert.Equal(4, await store.ChangeListAsync("a", "http", [new("x", null)]));
            Assert.Equal(5, await store.ChangeListAsync("b", "b.txt", [new("z", null), new("y", Never), new("x", Never), new("v", Never), new("not there", null)]));
            Assert.Equal(6, await store.ChangeListAsync("a", "http", [new("x", 7), new("w", Never)]));
            Assert.Equal(7, await store.ChangeListAsync("b", "http", []));
        });

        await InAsync(async store =>
        {
            for (var version = 0; version < expected.Length; version++)
            {
                Assert.Equal($"{version}: {expected[version]}", Text(await store.ReadListsAsync(version)));
            }

            Assert.Equal($"7: {expected[^1]}", Text(await store.ReadListsAsync()));
            Assert.Equal($"7: {expected[^1]}", Text(await store.ReadListsAsync(1000)));
        });
    }

    [ContractFact]
    public async Task Many_changes_read_back_as_a_plain_dictionary_has_them()
    {
        var random = new Random(5);
        var model = new Dictionary<string, SortedDictionary<string, long>>();
        var texts = new List<string>();
        await InAsync(async store =>
        {
            for (var i = 0; i < 300; i++)
            {
                var list = $"list-{random.Next(3)}";
                var changes = Enumerable.Range(0, 40)
                    .Where(_ => random.Next(4) == 0)
                    .Select(entry => new StoredListEntry($"entry-{entry:00}", random.Next(3) switch { 0 => null, 1 => Never, _ => random.NextInt64(Never) }))
                    .ToList();
                var entries = model.TryGetValue(list, out var known) ? known : model[list] = new(StringComparer.Ordinal);
                foreach (var (text, expires) in changes)
                {
                    entries.Remove(text);
                    if (expires is { } ticks)
                    {
                        entries.Add(text, ticks);
                    }
                }

                Assert.Equal(i + 1, await store.ChangeListAsync(list, "http", changes));
                texts.Add(string.Join("; ", model.OrderBy(list => list.Key, StringComparer.Ordinal).Select(list => $"{list.Key}: {Text(list.Value.Select(entry => new StoredListEntry(entry.Key, entry.Value)))}")));
            }
        });

        await InAsync(async store =>
        {
            for (var version = 1; version <= texts.Count; version++)
            {
                var lists = await store.ReadListsAsync(version);
                Assert.Equal(texts[version - 1], string.Join("; ", lists.Lists.Select(list => $"{list.Name}: {Text(list.Entries)}")));
            }
        });
    }

    [ContractFact]
    public async Task A_list_is_paged_in_the_order_of_UTF8()
    {
        // In UTF-16 the last two would stand the other way round.
        string[] texts = ["10", "9", "A", "a", "a b", "é", "\uffee", "😀"];
        await InAsync(async store =>
        {
            await store.ChangeListAsync("l", "http", [.. texts.Reverse().Select(text => new StoredListEntry(text, Never)), new("gone", 1)]);
            await store.ChangeListAsync("l", "http", [new("gone", null)]);
            await store.ChangeListAsync("other", "http", [new("b", Never)]);
            foreach (var max in (int[])[1, 3, 100])
            {
                var read = new List<string>();
                for (IReadOnlyList<StoredListEntry> page = await store.ReadListAsync("l", null, max); page.Count > 0; page = await store.ReadListAsync("l", read[^1], max))
                {
                    Assert.InRange(page.Count, 1, max);
                    read.AddRange(page.Select(entry => entry.Text));
                }

                Assert.Equal(texts, read);
            }

            Assert.Equal(texts, Assert.Single((await store.ReadListsAsync()).Lists, list => list.Name == "l").Entries.Select(entry => entry.Text));
        });
    }

    [ContractFact]
    public async Task A_large_list_comes_and_goes_in_one_change_each()
    {
        const int count = 100_000;
        await InAsync(async store =>
        {
            Assert.Equal(1, await store.ChangeListAsync("large", "http", [.. Enumerable.Range(0, count).Select(i => new StoredListEntry($"M-{i}", i))]));
            Assert.Equal(2, await store.ChangeListAsync("large", "http", [.. Enumerable.Range(0, count).Where(i => i % 2 == 0).Select(i => new StoredListEntry($"M-{i}", null))]));
        });

        await InAsync(async store =>
        {
            var entries = Assert.Single((await store.ReadListsAsync(1)).Lists).Entries;
            Assert.Equal(count, entries.Count);
            Assert.All(entries, entry => Assert.Equal($"M-{entry.ExpiresTicks}", entry.Text));
            Assert.Equal(count / 2, Assert.Single((await store.ReadListsAsync()).Lists).Entries.Count);
        });
    }

    [ContractFact]
    public async Task Changes_made_at_the_same_time_have_a_version_each()
    {
        const int changes = 8;
        await InAsync(async store =>
        {
            var versions = await Task.WhenAll(Enumerable.Range(0, changes).Select(i =>
                store.ChangeListAsync($"l{i}", "http", [.. Enumerable.Range(0, 5_000).Select(entry => new StoredListEntry($"{entry}", Never))])));
            Assert.Equal(Enumerable.Range(1, changes).Select(i => (long)i), versions.Order());
            Assert.All((await store.ReadListsAsync()).Lists, list => Assert.Equal(5_000, list.Entries.Count));
        });
    }

    [ContractFact]
    public async Task Shadows_are_replaced_and_removed_by_name()
    {
        await InAsync(async store =>
        {
            await store.PutShadowAsync(new StoredShadow("b", 1, 10, 20));
            await store.PutShadowAsync(new StoredShadow("a", 2, 11, 21));
            await store.PutShadowAsync(new StoredShadow("b", 3, 12, 22, ModelNumber: 5));
            await store.PutShadowAsync(new StoredShadow("c", 4, 13, 23));
            Assert.True(await store.RemoveShadowAsync("c"));
            Assert.False(await store.RemoveShadowAsync("c"));
        });

        await InAsync(async store => Assert.Equal([new StoredShadow("a", 2, 11, 21), new StoredShadow("b", 3, 12, 22, ModelNumber: 5)], await store.ReadShadowsAsync()));
    }

    [ContractFact]
    public async Task A_setting_keeps_its_newest_value()
    {
        await InAsync(async store =>
        {
            Assert.Null(await store.ReadSettingAsync("s"));
            await store.WriteSettingAsync("s", "1");
            await store.WriteSettingAsync("s", "zwei \"2\"");
        });

        await InAsync(async store => Assert.Equal("zwei \"2\"", await store.ReadSettingAsync("s")));
    }

    /// <summary>Opens the store, and closes it after <paramref name="use"/>.</summary>
    private protected async Task InAsync(Func<IRuleStore, Task> use)
    {
        var store = Open();
        await using ((IAsyncDisposable)store)
        {
            await use(store);
        }
    }

    private protected static string Text(StoredLists lists) =>
        $"{lists.Version}: {string.Join("; ", lists.Lists.Select(list => $"{list.Name}({list.Owner} {list.Version}): {Text(list.Entries)}"))}";

    private static string Text(IEnumerable<StoredListEntry> entries) =>
        string.Join(' ', entries.Select(entry => entry.ExpiresTicks == Never ? entry.Text : $"{entry.Text}@{entry.ExpiresTicks}"));
}

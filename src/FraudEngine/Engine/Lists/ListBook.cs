using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;

namespace FraudEngine.Engine.Lists;

/// <summary>
/// The named lists: changes them one after the other, each stored before it counts. Their texts stay in the store; in memory are the keys that rules ask for.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore holds nothing but memory, and a change may end while the engine stops.")]
public sealed class ListBook
{
    public const int ListsMax = 1_000;

    /// <summary>The owner of lists that are changed over HTTP.</summary>
    public const string Http = "http";

    private readonly IRuleStore _store;
    private readonly ISharedJournal? _shared;
    private readonly SemaphoreSlim _gate = new(1);
    private volatile ImmutableSortedDictionary<string, ListSummary> _summaries;
    private volatile NamedLists _current;

    /// <summary>Of a shared store: that before which all changes are in memory.</summary>
    private long _revision;

    private ListBook(IRuleStore store, long revision, StoredLists stored)
    {
        _store = store;
        _shared = store as ISharedJournal;
        _revision = revision;
        _current = Load(stored);
        _summaries = Summarize(stored);
    }

    /// <summary>Puts the lists in force after each change, before whoever made it is answered. The changes come one at a time, in order.</summary>
    public Func<NamedLists, Task> Changed { get; set; } = static _ => Task.CompletedTask;

    /// <summary>The lists as they are now.</summary>
    public NamedLists Current => _current;

    /// <summary>All lists, in the order of their names.</summary>
    public IEnumerable<ListSummary> Summaries => _summaries.Values;

    /// <summary>Reads the lists that are stored.</summary>
    public static async Task<ListBook> OpenAsync(IRuleStore store)
    {
        var revision = store is ISharedJournal shared ? await shared.ReadRevisionAsync() : 0;
        return new ListBook(store, revision, await store.ReadListsAsync());
    }

    /// <summary>Of a shared store: takes over what other nodes have changed.</summary>
    public async Task FollowAsync()
    {
        await _gate.WaitAsync();
        try
        {
            await TakeOverAsync();
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Stored lists, of whichever version, as rules ask them.</summary>
    public static NamedLists Load(StoredLists stored) => stored.Lists.Aggregate(
        NamedLists.Empty with { Version = stored.Version },
        (lists, list) => lists.With(stored.Version, new NamedList(list.Name).With([.. list.Entries.Select(ToChange)])));

    /// <summary>Whether a list can have this name: small letters, digits and hyphens, at most 64 and no hyphen first, as an id of a rule.</summary>
    public static bool IsName(string name) => KebabName.IsOne(name);

    /// <summary>Null where there is none of that name.</summary>
    public ListSummary? Find(string name) => _summaries.GetValueOrDefault(name);

    /// <summary><c>; did you mean 'blocked-merchants'?</c>, or nothing where no list has a name near this one.</summary>
    public string Hint(string name) => NearestName.Hint(name, _summaries.Keys);

    /// <summary>Entries of a list with a text above <paramref name="after"/>, in the order of their UTF-8 bytes; from the first where that is null.</summary>
    public async Task<IReadOnlyList<ListEntry>> ReadAsync(string name, string? after, int max) =>
        [.. (await _store.ReadListAsync(name, after, max)).Select(entry => new ListEntry(entry.Text, entry.ExpiresTicks == ListChange.Never ? null : entry.ExpiresTicks))];

    /// <summary>Gives a list these entries and no others; makes it where there is none.</summary>
    public Task<ListChangeResult> ReplaceAsync(string name, ListEntries entries) => ReplaceAsync(name, Http, entries);

    /// <summary>As a file has it, which takes over any list of its name, and owns it from then on.</summary>
    public Task<ListChangeResult> TakeFileAsync(string name, string fileName, ListEntries entries) => ReplaceAsync(name, fileName, entries);

    /// <summary>Adds entries to a list, or gives them another expiry; makes it where there is none.</summary>
    public Task<ListChangeResult> PutAsync(string name, ListEntries entries) => ChangeAsync(name, Http, isMade: true, list => Task.FromResult(Differences(list, entries)));

    /// <summary>Removes an entry, where it is there.</summary>
    public Task<ListChangeResult> RemoveAsync(string name, string text) => ChangeAsync(
        name, Http, isMade: false, list => Task.FromResult<List<StoredListEntry>>(list.ExpiryOf(TextKey.Of(text.Trim())) is null ? [] : [new StoredListEntry(text.Trim(), null)]));

    /// <summary>Removes all entries. The list stays: rules may name it.</summary>
    public Task<ListChangeResult> EmptyAsync(string name) => ChangeAsync(
        name, Http, isMade: false, async _ => [.. (await _store.ReadListAsync(name, null, int.MaxValue)).Select(static entry => entry with { ExpiresTicks = null })]);

    /// <summary>Gives a list whose file is gone to HTTP, as it is.</summary>
    public Task<ListChangeResult> ReleaseAsync(string name) => ChangeAsync(name, owner: null, isMade: false, static _ => Task.FromResult<List<StoredListEntry>>([]));

    private Task<ListChangeResult> ReplaceAsync(string name, string owner, ListEntries entries) => ChangeAsync(name, owner, isMade: true, async list =>
    {
        var changes = Differences(list, entries);
        if (list.Count > 0)
        {
            var stored = await _store.ReadListAsync(name, null, int.MaxValue);
            changes.AddRange(stored.Where(entry => !entries.Expiries.ContainsKey(entry.Text)).Select(static entry => entry with { ExpiresTicks = null }));
        }

        return changes;
    });

    /// <summary>Called with the gate held, before differences are looked for.</summary>
    private async Task TakeOverAsync()
    {
        if (_shared is not null && await _shared.ReadRevisionAsync() != _revision)
        {
            await ReadAgainAsync();
        }
    }

    private async Task ReadAgainAsync()
    {
        // The revision first: what is changed between is read once more.
        var revision = await _shared!.ReadRevisionAsync();
        var stored = await _store.ReadListsAsync();
        _revision = revision;
        if (stored.Version != _current.Version)
        {
            _summaries = Summarize(stored);
            _current = Load(stored);
            await Changed(_current);
        }
    }

    private static ImmutableSortedDictionary<string, ListSummary> Summarize(StoredLists stored) => stored.Lists.ToImmutableSortedDictionary(
        list => list.Name, list => new ListSummary(list.Name, list.Owner, list.Entries.Count, list.Version), StringComparer.Ordinal);

    private static ListChange ToChange(StoredListEntry entry) => new(TextKey.Of(entry.Text), entry.ExpiresTicks);

    private static List<StoredListEntry> Differences(NamedList list, ListEntries entries) =>
        [.. entries.Expiries.Where(entry => list.ExpiryOf(TextKey.Of(entry.Key)) != entry.Value).Select(static entry => new StoredListEntry(entry.Key, entry.Value))];

    /// <param name="owner">Who changes it; null for a file that gives it up.</param>
    /// <param name="find">What has to be changed.</param>
    private async Task<ListChangeResult> ChangeAsync(string name, string? owner, bool isMade, Func<NamedList, Task<List<StoredListEntry>>> find)
    {
        await _gate.WaitAsync();
        try
        {
            await TakeOverAsync();
            var summary = Find(name);
            var refusal = summary is null ? (!isMade ? ListRefusal.UnknownList : _summaries.Count >= ListsMax ? ListRefusal.TooManyLists : ListRefusal.None)
                : owner == Http && summary.IsFromFile ? ListRefusal.FromFile : ListRefusal.None;
            if (refusal != ListRefusal.None)
            {
                return new ListChangeResult(refusal, summary);
            }

            var list = _current.Find(name);
            var changes = await find(list);
            return changes.Count == 0 && summary?.Owner == (owner ?? Http) ? new ListChangeResult(ListRefusal.None, summary) : await StoreAsync(list, summary, owner ?? Http, changes);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<ListChangeResult> StoreAsync(NamedList list, ListSummary? summary, string owner, List<StoredListEntry> changes)
    {
        var removed = changes.Count(static change => change.ExpiresTicks is null);
        var changed = changes.Count(change => change.ExpiresTicks is not null && list.ExpiryOf(TextKey.Of(change.Text)) is not null);
        var added = changes.Count - removed - changed;
        if (added > removed && _summaries.Values.Sum(static other => (long)other.Count) + added - removed > ListEntries.CountMax)
        {
            return new ListChangeResult(ListRefusal.TooManyEntries, summary);
        }

        var before = _current.Version;
        var version = await _store.ChangeListAsync(list.Name, owner, changes);
        if (_shared is not null && version != before + 1)
        {
            // Another node has made a change between.
            await ReadAgainAsync();
            return new ListChangeResult(ListRefusal.None, Find(list.Name), added, changed, removed);
        }

        // By this change; if others were made as well, it has risen more.
        _revision++;
        var after = list.With([.. changes.Select(ToChange)]);
        var result = new ListSummary(list.Name, owner, after.Count, version);
        _summaries = _summaries.SetItem(list.Name, result);
        _current = _current.With(version, after);
        await Changed(_current);
        return new ListChangeResult(ListRefusal.None, result, added, changed, removed);
    }
}

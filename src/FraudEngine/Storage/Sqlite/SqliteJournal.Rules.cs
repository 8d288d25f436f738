using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Storage.Sqlite;

/// <summary>Rule sets, models, lists and shadows in the same file: written by the writing thread between commits of transactions.</summary>
public sealed partial class SqliteJournal
{
    private readonly SemaphoreSlim _listGate = new(1);

    public Task<IReadOnlyList<StoredRuleSet>> ReadRuleSetsAsync() => Scan(_scanner.RuleSets);

    public Task<int> RegisterAsync(string name, int version, string source, IReadOnlyList<ReasonCode> reasons) => Write(() =>
    {
        var number = _ruleWriter.Register(name, version, source, reasons);
        Catalog.Add(new DecidingRuleSet(number, $"{name}@{version}", [.. reasons]));
        return number;
    });

    public Task PutInForceAsync(RuleSetChange change) => Write(() => _ruleWriter.PutInForce(change));

    public Task<IReadOnlyList<RuleSetChange>> ReadChangesAsync() => Scan(_scanner.Changes);

    public Task<IReadOnlyList<StoredModel>> ReadModelsAsync() => Scan(_scanner.Models);

    public Task<int> RegisterModelAsync(string name, int version, string source, byte[] trees, IReadOnlyList<ReasonCode> reasons) => Write(() =>
    {
        var number = _ruleWriter.RegisterModel(name, version, source, trees, reasons);
        Catalog.Add(new DecidingRuleSet(number, $"{name}@{version}", [.. reasons]));
        return number;
    });

    public Task<byte[]> ReadTreesAsync(int number) => Scan(() => _scanner.Trees(number));

    public Task PutModelInForceAsync(RuleSetChange change) => Write(() => _ruleWriter.PutModelInForce(change));

    public Task<IReadOnlyList<RuleSetChange>> ReadModelChangesAsync() => Scan(_scanner.ModelChanges);

    public async Task<long> ChangeListAsync(string list, string owner, IReadOnlyList<StoredListEntry> changes)
    {
        // One change at a time; between its commits, transactions have theirs.
        await _listGate.WaitAsync();
        try
        {
            // In order, a large list is written page after page; else each entry would touch a page of its own.
            var ordered = await Task.Run(() => changes.OrderBy(static change => change.Text, StringComparer.Ordinal).ToList());
            var from = 0;
            long version;
            do
            {
                var part = from;
                version = await Write(() => _ruleWriter.ChangeList(list, owner, ordered, part));
                from += SqliteRuleWriter.ListEntriesPerCommit;
            }
            while (from < changes.Count);
            return version;
        }
        finally
        {
            _listGate.Release();
        }
    }

    public Task<StoredLists> ReadListsAsync(long? version = null) => Scan(() => _scanner.Lists(version));

    public Task<IReadOnlyList<StoredListEntry>> ReadListAsync(string list, string? after, int max) => Scan(() => _scanner.List(list, after, max));

    public Task PutShadowAsync(StoredShadow shadow) => Write(() => _ruleWriter.PutShadow(shadow));

    public Task<bool> RemoveShadowAsync(string name) => Write(() => _ruleWriter.RemoveShadow(name));

    public Task<IReadOnlyList<StoredShadow>> ReadShadowsAsync() => Scan(_scanner.Shadows);

    public Task<string?> ReadSettingAsync(string name) => Scan(() => _scanner.Setting(name));

    public Task WriteSettingAsync(string name, string value) => Write(() => _ruleWriter.WriteSetting(name, value));

    private void LoadCatalog()
    {
        using var sets = _writing.Prepare("SELECT number, name, version, reasons FROM rule_sets");
        while (sets.Step())
        {
            var reasons = JsonSerializer.Deserialize<List<ReasonCode>>(sets.Text(3)) ?? [];
            Catalog.Add(new DecidingRuleSet((int)sets.Int64(0), $"{sets.Text(1)}@{sets.Int64(2)}", [.. reasons]));
        }
    }
}

using FraudEngine.Domain;

namespace FraudEngine.Storage.Postgres;

/// <summary>Rule sets, models, lists and shadows in the same database.</summary>
public sealed partial class PostgresJournal
{
    public async Task<IReadOnlyList<StoredRuleSet>> ReadRuleSetsAsync() => await ReadAsync(PostgresRules.ReadRuleSetsAsync);

    public Task<int> RegisterAsync(string name, int version, string source, IReadOnlyList<ReasonCode> reasons) => RegisterAsync(name, version, source, null, reasons);

    public Task PutInForceAsync(RuleSetChange change) => WriteAsync(connection => PostgresRules.PutInForceAsync(connection, change, isModel: false));

    public async Task<IReadOnlyList<RuleSetChange>> ReadChangesAsync() => await ReadAsync(connection => PostgresRules.ReadChangesAsync(connection, isModel: false));

    public async Task<IReadOnlyList<StoredModel>> ReadModelsAsync() => await ReadAsync(PostgresRules.ReadModelsAsync);

    public Task<int> RegisterModelAsync(string name, int version, string source, byte[] trees, IReadOnlyList<ReasonCode> reasons) =>
        RegisterAsync(name, version, source, trees, reasons);

    public Task<byte[]> ReadTreesAsync(int number) => ReadAsync(connection => PostgresRules.ReadTreesAsync(connection, number));

    public Task PutModelInForceAsync(RuleSetChange change) => WriteAsync(connection => PostgresRules.PutInForceAsync(connection, change, isModel: true));

    public async Task<IReadOnlyList<RuleSetChange>> ReadModelChangesAsync() => await ReadAsync(connection => PostgresRules.ReadChangesAsync(connection, isModel: true));

    public Task<long> ChangeListAsync(string list, string owner, IReadOnlyList<StoredListEntry> changes) =>
        WriteAsync(connection => PostgresLists.ChangeAsync(connection, list, owner, changes));

    public Task<StoredLists> ReadListsAsync(long? version = null) => ReadAsync(connection => PostgresLists.ReadAllAsync(connection, version));

    public Task<IReadOnlyList<StoredListEntry>> ReadListAsync(string list, string? after, int max) =>
        ReadAsync(connection => PostgresLists.ReadAsync(connection, list, after, max));

    public Task PutShadowAsync(StoredShadow shadow) => WriteAsync(connection => PostgresRules.PutShadowAsync(connection, shadow));

    public Task<bool> RemoveShadowAsync(string name) => WriteAsync(connection => PostgresRules.RemoveShadowAsync(connection, name));

    public async Task<IReadOnlyList<StoredShadow>> ReadShadowsAsync() => await ReadAsync(PostgresRules.ReadShadowsAsync);

    public Task<string?> ReadSettingAsync(string name) => ReadAsync(connection => PostgresRules.ReadSettingAsync(connection, name));

    public Task WriteSettingAsync(string name, string value) => WriteAsync(connection => PostgresRules.WriteSettingAsync(connection, name, value));

    public Task<long> ReadRevisionAsync() => ReadAsync(PostgresRules.ReadRevisionAsync);

    public async Task RefreshCatalogAsync()
    {
        // They are numbered in the order of commits, so that below the last one there is none that was missed.
        foreach (var set in await ReadAsync(connection => PostgresRules.ReadCatalogAsync(connection, Volatile.Read(ref _catalogEnd))))
        {
            Catalog.Add(set);
            Volatile.Write(ref _catalogEnd, Math.Max(Volatile.Read(ref _catalogEnd), set.Number));
        }
    }

    private async Task<int> RegisterAsync(string name, int version, string source, byte[]? trees, IReadOnlyList<ReasonCode> reasons)
    {
        var number = await WriteAsync(connection => PostgresRules.RegisterAsync(connection, name, version, source, trees, reasons));
        Catalog.Add(new DecidingRuleSet(number, $"{name}@{version}", [.. reasons]));
        return number;
    }
}

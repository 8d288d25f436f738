using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>
/// The candidates that follow a journal. Those that stand at the same position share one reading of it: all that are live do. Put up and removed from any
/// thread; <see cref="Step"/> is called by one.
/// </summary>
/// <param name="lists">The named lists as they are now.</param>
public sealed class Shadows(IJournal journal, IRuleStore store, WindowSettings windows, Func<NamedLists> lists, TimeProvider clock) : IDisposable
{
    /// <summary>At a time; one more is refused.</summary>
    public const int Max = 10;

    /// <summary>Read at a time, so that whoever reads the journal in between does not wait noticeably.</summary>
    private const int PageRows = 512;

    private readonly SemaphoreSlim _changing = new(1, 1);
    private ImmutableArray<Shadow> _all = [];

    /// <summary>The model that is in force at the moment; null where none is.</summary>
    public Func<NumberedModel?> ModelInForce { get; init; } = static () => null;

    /// <summary>The kinds of entities, beside accounts, that rules and models may look at; null for all.</summary>
    public IReadOnlySet<EntityKind>? Entities { get; init; }

    /// <summary>Ordered by name.</summary>
    public ImmutableArray<Shadow> All => _all;

    /// <summary>Called when a shadow has come.</summary>
    internal Action Added { get; set; } = static () => { };

    public Shadow? Find(string name) => All.FirstOrDefault(shadow => shadow.Name == name);

    /// <summary>Puts those up again that are stored. They count from the journal what they had counted.</summary>
    public Task RestoreAsync() => FollowAsync();

    /// <summary>Takes over what is stored and is not here, from an earlier life or from another node: shadows that were put up, and that were removed.</summary>
    public async Task FollowAsync()
    {
        await _changing.WaitAsync();
        try
        {
            // What a shadow names is registered before it is stored.
            var shadows = await store.ReadShadowsAsync();
            var sets = (await store.ReadRuleSetsAsync()).ToDictionary(static set => set.Number);
            var models = (await store.ReadModelsAsync()).ToDictionary(static model => model.Number);
            _all = _all.RemoveAll(shadow => !shadows.Any(stored => stored.Name == shadow.Name));
            foreach (var stored in shadows.Where(stored => Find(stored.Name)?.Stored != stored))
            {
                Add(await RestoreAsync(stored, sets[stored.RuleSetNumber], stored.ModelNumber == 0 ? null : models[stored.ModelNumber]));
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Puts a shadow up, in place of one of the same name: compared from now on, its windows filled from what was decided before.</summary>
    /// <param name="fileName">How errors name the rules.</param>
    /// <param name="model">The one in force where it is null.</param>
    public async Task<ShadowAnswer> PutAsync(string name, string rules, string fileName, ModelChoice? model = null)
    {
        await _changing.WaitAsync();
        try
        {
            if (Find(name) is null && All.Length >= Max)
            {
                return new ShadowAnswer(null, null);
            }

            model ??= ModelChoice.InForce;
            if (TrialParts.TryLoad(rules, fileName, model, windows, Entities, out var parts) is { } refusal)
            {
                return new ShadowAnswer(null, refusal);
            }

            var candidate = parts!.Rules;
            var number = await store.RegisterAsync(candidate.Name, candidate.Version, candidate.Source, candidate.Reasons);
            var tried = model == ModelChoice.InForce ? ModelInForce() : await RegisterAsync(parts.Model, model);
            var stored = new StoredShadow(name, number, await JournalEnd.FindAsync(journal, 0), clock.GetUtcNow().UtcTicks, tried?.Number ?? 0);
            await store.PutShadowAsync(stored);
            var shadow = Make(stored, candidate, tried?.Model);
            Add(shadow);
            return new ShadowAnswer(shadow, null);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>False where there is none of that name.</summary>
    public async Task<bool> RemoveAsync(string name)
    {
        await _changing.WaitAsync();
        try
        {
            var isRemoved = await store.RemoveShadowAsync(name);
            _all = _all.RemoveAll(shadow => shadow.Name == name);
            return isRemoved;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>How many transactions are decided that the shadow has not looked at yet.</summary>
    public async Task<long> LagAsync(Shadow shadow) => await JournalEnd.FindAsync(journal, shadow.Position) - shadow.Position;

    public void Dispose() => _changing.Dispose();

    /// <summary>
    /// Reads the journal on by one page for each position that shadows stand at, so that one that fills its windows does not hold up those that are live.
    /// </summary>
    /// <returns>Whether there was anything to read.</returns>
    /// <exception cref="IOException">The journal can't be read now.</exception>
    internal bool Step()
    {
        var isAny = false;
        foreach (var group in All.Where(static shadow => shadow.State != ShadowState.Failed).GroupBy(static shadow => shadow.Position))
        {
            var rows = journal.ScanAsync(group.Key, PageRows).GetAwaiter().GetResult();
            isAny |= rows.Count > 0;
            Know(rows);
            foreach (var shadow in rows.Count > 0 ? group.AsEnumerable() : [])
            {
                Take(shadow, rows);
            }
        }

        return isAny;
    }

    /// <summary>Another node may have decided by rules that it has registered just now.</summary>
    private void Know(IReadOnlyList<JournalRow> rows)
    {
        if (journal is not ISharedJournal)
        {
            return;
        }

        var stored = new TransactionDecided();
        try
        {
            journal.KnowAsync(rows.Where(static row => EntryCodec.IsTransaction(row.Bytes)).Select(row =>
            {
                EntryCodec.Read(row.Bytes, row.AccountId, row.Sequence, stored);
                return stored.Decision;
            })).GetAwaiter().GetResult();
        }
        catch (InvalidDataException)
        {
            // Each shadow finds out for itself that a row is damaged.
        }
    }

    /// <summary>A shadow that faults is out of it; the others never notice.</summary>
    private void Take(Shadow shadow, IReadOnlyList<JournalRow> rows)
    {
        var taking = new Task(() => shadow.Take(rows, lists()));
        taking.RunSynchronously(TaskScheduler.Default);
        if (taking.Exception is { } fault)
        {
            shadow.Fail(fault.GetBaseException().Message);
        }
    }

    private async Task<NumberedModel?> RegisterAsync(ScoringModel? model, ModelChoice given) => model?.Features is not { } features
        ? null
        : new NumberedModel(model, await store.RegisterModelAsync(features.Name, features.Version, features.Source, given.Trees!, features.Reasons));

    private async Task<Shadow> RestoreAsync(StoredShadow stored, StoredRuleSet set, StoredModel? model)
    {
        try
        {
            var scoring = model is null
                ? null
                : ModelChoice.Of(model.Source, model.Reference, await store.ReadTreesAsync(model.Number)).Load(windows, entities: null);
            return Make(stored, RuleSet.Parse(set.Source, set.Reference, windows), scoring);
        }
        catch (Exception wrong) when (wrong is RuleSetException or InvalidDataException)
        {
            return new Shadow(stored, set.Reference, model?.Reference, wrong.Message);
        }
    }

    private Shadow Make(StoredShadow stored, RuleSet candidate, ScoringModel? model) =>
        new(stored, new TrialSettings(candidate, windows) { Lists = lists(), Model = model }, journal.Catalog);

    private void Add(Shadow shadow)
    {
        _all = [.. _all.Where(other => other.Name != shadow.Name).Append(shadow).OrderBy(static other => other.Name, StringComparer.Ordinal)];
        Added();
    }
}

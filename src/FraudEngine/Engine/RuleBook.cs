using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>
/// The versions of the rules: which were ever in force, which one is, and the way from one to the next. A version never changes: its name and number stand
/// in the decisions that it made. What came last is in force after a restart, whether it came over HTTP or with the rules file.
/// </summary>
public sealed class RuleBook : IDisposable
{
    /// <summary>Where <see cref="OpenAsync"/> remembers which text of the rules file it has taken over.</summary>
    private const string FileSetting = "rules_file";

    private readonly DecisionEngine _engine;
    private readonly IRuleStore _store;
    private readonly bool _isShared;
    private readonly WindowSettings _settings;
    private readonly IReadOnlySet<EntityKind>? _entities;
    private readonly TimeProvider _clock;
    private readonly SemaphoreSlim _changing = new(1);

    /// <summary>Held while rules go into force, but not while windows are filled for them: a rollback does not wait for that.</summary>
    private readonly SemaphoreSlim _switching = new(1);
    private int _rollbacks;
    private volatile bool _isFilling;
    private Task _dropping = Task.CompletedTask;

    /// <param name="entities">The kinds of entities, beside accounts, that rules may look at; null for all.</param>
    public RuleBook(DecisionEngine engine, IRuleStore store, WindowSettings settings, TimeProvider clock, IReadOnlySet<EntityKind>? entities = null)
    {
        _engine = engine;
        _store = store;
        _isShared = store is ISharedJournal;
        _settings = settings;
        _clock = clock;
        _entities = entities;
    }

    /// <summary>Told when another rule set is in force, and by what: one of <see cref="RuleSetCause"/>.</summary>
    public Action<RuleSet, string>? Changed { get; set; }

    /// <summary>What is in force at the start: the rules file where it says something new, else what was in force last.</summary>
    /// <param name="entities">The kinds of entities, beside accounts, that rules may look at; null for all.</param>
    /// <returns>Without a model.</returns>
    /// <exception cref="RuleSetException">The rules have errors.</exception>
    /// <exception cref="InvalidOperationException">The file has other rules under a version that is stored.</exception>
    public static async Task<RulesInForce> OpenAsync(
        IRuleStore store, string yaml, string fileName, NamedLists lists, WindowSettings settings, TimeProvider clock, IReadOnlySet<EntityKind>? entities = null)
    {
        var stored = await store.ReadRuleSetsAsync();
        var changes = await store.ReadChangesAsync();
        var fingerprint = Fingerprint(yaml);
        if (changes.Count > 0 && await store.ReadSettingAsync(FileSetting) == fingerprint)
        {
            var last = stored.First(set => set.Number == changes[^1].Number);
            return new RulesInForce(Compile(last, lists, settings, entities), last.Number, lists);
        }

        var rules = Parse(yaml, fileName, lists, settings, entities);
        var number = await FindOrRegisterAsync(store, stored, changes, rules, settings)
            ?? throw new InvalidOperationException($"{fileName}: {VersionTaken(stored, rules)}");
        if (changes.Count == 0 || changes[^1].Number != number)
        {
            await store.PutInForceAsync(new RuleSetChange(number, clock.GetUtcNow().UtcTicks, RuleSetCause.Start));
        }

        await store.WriteSettingAsync(FileSetting, fingerprint);
        return new RulesInForce(rules, number, lists);
    }

    /// <summary>
    /// Of a shared store: puts in force what another node has put in force last. The lists that it may name must have been taken over before.
    /// </summary>
    public Task<RulesAnswer> FollowAsync() => ChangeAsync(async () =>
    {
        await TakeOverAsync();
        return Answer(RulesAnswerKind.Unchanged);
    });

    /// <summary>
    /// Checks a rule set, has its windows filled, and puts it in force. Where several nodes share a store and watch the same file, the first of them puts it in
    /// force; to the others it says nothing new.
    /// </summary>
    /// <param name="fileName">How errors name it.</param>
    /// <param name="cause">One of <see cref="RuleSetCause"/>.</param>
    public Task<RulesAnswer> PutAsync(string yaml, string fileName, string cause) => ChangeAsync(async () =>
    {
        await TakeOverAsync();
        if (_isShared && cause == RuleSetCause.File && await _store.ReadSettingAsync(FileSetting) == Fingerprint(yaml))
        {
            return Answer(RulesAnswerKind.Unchanged);
        }

        var stored = await _store.ReadRuleSetsAsync();
        var rules = Parse(yaml, fileName, _engine.InForce.Lists, _settings, _entities);
        var number = await FindOrRegisterAsync(_store, stored, await _store.ReadChangesAsync(), rules, _settings);
        if (number is null)
        {
            return Answer(RulesAnswerKind.VersionTaken, VersionTaken(stored, rules));
        }

        var answer = await PutInForceAsync(rules, number.Value, cause);
        if (cause == RuleSetCause.File)
        {
            // Only now: an engine that ends before finds at its next start that the file says something new.
            await _store.WriteSettingAsync(FileSetting, Fingerprint(yaml));
        }

        return answer;
    });

    /// <summary>
    /// Puts a stored rule set back in force: at once where its windows are held, even while another is being prepared, which then does not go into force.
    /// </summary>
    /// <param name="reference">
    /// <c>name@version</c>; null for the one that was in force before the present one or, where another is being prepared, for the present one.
    /// </param>
    public async Task<RulesAnswer> RollBackAsync(string? reference)
    {
        try
        {
            if (await TryRollBackAtOnceAsync(reference) is { } answer)
            {
                return answer;
            }
        }
        catch (RuleSetException invalid)
        {
            return Answer(RulesAnswerKind.Invalid, invalid.Message, invalid.Errors);
        }

        return await ChangeAsync(async () =>
        {
            await TakeOverAsync();
            return await FindAsync(reference) is not { } wanted
                ? Answer(RulesAnswerKind.Unknown, reference is null ? "No other rule set was in force before." : $"No rule set {reference} is stored.")
                : await PutInForceAsync(Compile(wanted, _engine.InForce.Lists, _settings, _entities), wanted.Number, RuleSetCause.Rollback);
        });
    }

    /// <summary>Every version ever stored, the newest first, and when each went into force.</summary>
    public async Task<ImmutableArray<RuleSetVersion>> ReadVersionsAsync()
    {
        var changes = (await _store.ReadChangesAsync()).ToLookup(change => change.Number);
        var inForce = _engine.InForce.Number;
        return [.. (await _store.ReadRuleSetsAsync()).Reverse().Select(set => new RuleSetVersion(set, set.Number == inForce, [.. changes[set.Number]]))];
    }

    /// <summary>
    /// Of a shared store: takes over lists that other nodes have made, so that rules and models may name them at once. Set by whoever has the lists.
    /// </summary>
    public Func<Task>? FollowLists { get; set; }

    /// <summary>Takes over what rules or models that come from outside may name.</summary>
    internal Task TakeOverListsAsync() => _isShared && FollowLists is { } follow ? follow() : Task.CompletedTask;

    /// <summary>Makes a change of the model, when no other change of model or rules is being made.</summary>
    internal async Task<T> ChangeModelAsync<T>(Func<Task<T>> change)
    {
        await _changing.WaitAsync();
        try
        {
            return await change();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>
    /// Has a model's windows filled and puts it in force, or none where it is null. A rollback of the rules that comes meanwhile stays in force. Called within
    /// <see cref="ChangeModelAsync"/>.
    /// </summary>
    /// <param name="isStored">Whether another node has stored the change already.</param>
    internal async Task SwitchModelAsync(NumberedModel? model, string cause, bool isStored = false)
    {
        // A drop that failed has only left windows that nobody needs.
        await _dropping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (model is not null)
        {
            await _engine.FillWindowsAsync(WindowPlans.Union(_engine.InForce.Plans, model.Model.Plans));
        }

        await _switching.WaitAsync();
        try
        {
            if (!isStored)
            {
                await _store.PutModelInForceAsync(new RuleSetChange(model?.Number ?? 0, _clock.GetUtcNow().UtcTicks, cause));
            }

            await _engine.PutInForceAsync(inForce => inForce with { Model = model });
            _dropping = _engine.DropWindowsAsync();
        }
        finally
        {
            _switching.Release();
        }
    }

    public void Dispose()
    {
        _changing.Dispose();
        _switching.Dispose();
    }

    /// <summary>Makes one change at a time, and says where the rules have errors.</summary>
    private async Task<RulesAnswer> ChangeAsync(Func<Task<RulesAnswer>> change)
    {
        await _changing.WaitAsync();
        try
        {
            return await change();
        }
        catch (RuleSetException invalid)
        {
            return Answer(RulesAnswerKind.Invalid, invalid.Message, invalid.Errors);
        }
        finally
        {
            _isFilling = false;
            _changing.Release();
        }
    }

    private Task<RulesAnswer> PutInForceAsync(RuleSet rules, int number, string cause) => number == _engine.InForce.Number
        ? Task.FromResult(Answer(RulesAnswerKind.Unchanged))
        : ReplaceAsync(rules, number, cause, isStored: false);

    /// <summary>Takes over what another node has put in force last. Called within <see cref="ChangeAsync"/>, before anything is compared with what is in force here.</summary>
    private async Task TakeOverAsync()
    {
        await TakeOverListsAsync();
        if (_isShared && await StoredInForceAsync() is { } number && number != _engine.InForce.Number)
        {
            var stored = (await _store.ReadRuleSetsAsync()).First(set => set.Number == number);
            await ReplaceAsync(Compile(stored, _engine.InForce.Lists, _settings, _entities), number, RuleSetCause.Cluster, isStored: true);
        }
    }

    /// <summary>The number of what was put in force last, on whatever node; null before the first.</summary>
    private async Task<int?> StoredInForceAsync() => await _store.ReadChangesAsync() is [.., var last] ? last.Number : null;

    private async Task<RulesAnswer> ReplaceAsync(RuleSet rules, int number, string cause, bool isStored)
    {
        // A drop that failed has only left windows that nobody needs.
        await _dropping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var rollbacks = Volatile.Read(ref _rollbacks);
        _isFilling = true;
        await _engine.FillWindowsAsync(WindowPlans.Union(rules.Plans, _engine.InForce.ModelPlans));
        await _switching.WaitAsync();
        try
        {
            _isFilling = false;
            var isOvertaken = rollbacks != _rollbacks;
            if (!isOvertaken)
            {
                await SwitchAsync(rules, number, cause, isStored);
            }

            _dropping = _engine.DropWindowsAsync();
            return isOvertaken
                ? Answer(RulesAnswerKind.Overtaken, $"A rollback came while the windows of {rules.Reference} were being filled, so it is not in force. Put it again if it should be.")
                : Answer(RulesAnswerKind.InForce);
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>Null where that can't be done at once.</summary>
    private async Task<RulesAnswer?> TryRollBackAtOnceAsync(string? reference)
    {
        await _switching.WaitAsync();
        try
        {
            if (reference is null && _isFilling)
            {
                _rollbacks++;
                return Answer(RulesAnswerKind.Unchanged);
            }

            if (await FindAsync(reference) is not { } wanted || Compile(wanted, _engine.InForce.Lists, _settings, _entities) is not { } rules || !_engine.Holds(rules.Plans))
            {
                return null;
            }

            _rollbacks++;
            if (wanted.Number == await InForceAsync())
            {
                return Answer(RulesAnswerKind.Unchanged);
            }

            await SwitchAsync(rules, wanted.Number, RuleSetCause.Rollback, isStored: false);
            return Answer(RulesAnswerKind.InForce);
        }
        finally
        {
            _switching.Release();
        }
    }

    /// <summary>Called with <see cref="_switching"/> held.</summary>
    private async Task SwitchAsync(RuleSet rules, int number, string cause, bool isStored)
    {
        if (!isStored)
        {
            await _store.PutInForceAsync(new RuleSetChange(number, _clock.GetUtcNow().UtcTicks, cause));
        }

        await _engine.PutInForceAsync(inForce => inForce with { Rules = rules, Number = number });
        Changed?.Invoke(rules, cause);
    }

    /// <summary>The stored rule set of that reference; where it is null, the one that was in force before the present one.</summary>
    private async Task<StoredRuleSet?> FindAsync(string? reference)
    {
        var stored = await _store.ReadRuleSetsAsync();
        var changes = await _store.ReadChangesAsync();
        var inForce = await InForceAsync();
        var before = changes.LastOrDefault(change => change.Number != inForce)?.Number;
        var named = stored.Where(set => reference is null ? set.Number == before : set.Reference == reference).ToList();
        return named.FindLast(set => WasInForce(set, changes)) ?? named.LastOrDefault();
    }

    /// <summary>What is in force; where the store is shared, on all nodes, though this one may not have heard of it yet.</summary>
    private async Task<int> InForceAsync() => _isShared && await StoredInForceAsync() is { } number ? number : _engine.InForce.Number;

    private RulesAnswer Answer(RulesAnswerKind kind, string detail = "", IReadOnlyList<RuleError>? errors = null) =>
        new(kind, _engine.InForce) { Detail = detail, Errors = errors ?? [] };

    /// <summary>The rule set's number; null where other rules were in force under its name and version. Those of a shadow that never were stand in nobody's way.</summary>
    private static async Task<int?> FindOrRegisterAsync(
        IRuleStore store, IReadOnlyList<StoredRuleSet> stored, IReadOnlyList<RuleSetChange> changes, RuleSet rules, WindowSettings settings)
    {
        var namesakes = stored.Where(set => set.Reference == rules.Reference).ToList();
        var deciding = namesakes.Where(set => WasInForce(set, changes)).ToList();
        var same = (deciding.Count > 0 ? deciding : namesakes).Find(set => set.Source == rules.Source || SaysTheSame(set, rules, settings));
        return same is not null ? same.Number
            : deciding.Count > 0 ? null
            : await store.RegisterAsync(rules.Name, rules.Version, rules.Source, rules.Reasons);
    }

    /// <summary>False for one that only ever was a shadow, which may bear the name and version of one that decides.</summary>
    private static bool WasInForce(StoredRuleSet set, IReadOnlyList<RuleSetChange> changes) => changes.Any(change => change.Number == set.Number);

    /// <summary>Whether a stored text differs in its comments and layout only.</summary>
    private static bool SaysTheSame(StoredRuleSet stored, RuleSet rules, WindowSettings settings)
    {
        try
        {
            return RuleSet.Parse(stored.Source, stored.Reference, settings).SaysTheSameAs(rules);
        }
        catch (RuleSetException)
        {
            // It was stored by an engine with a longer horizon.
            return false;
        }
    }

    private static string VersionTaken(IReadOnlyList<StoredRuleSet> stored, RuleSet rules)
    {
        var free = stored.Where(set => set.Name == rules.Name).Max(set => set.Version) + 1;
        return $"Other rules are stored as {rules.Reference}, and a version never changes: decisions name it. Raise 'version' to {free}.";
    }

    private static RuleSet Compile(StoredRuleSet stored, NamedLists lists, WindowSettings settings, IReadOnlySet<EntityKind>? entities) =>
        Parse(stored.Source, stored.Reference, lists, settings, entities);

    private static RuleSet Parse(string yaml, string fileName, NamedLists lists, WindowSettings settings, IReadOnlySet<EntityKind>? entities) =>
        RuleSet.Parse(yaml, fileName, settings, lists.Lists.Keys.ToHashSet(), entities);

    private static string Fingerprint(string yaml) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml)));
}

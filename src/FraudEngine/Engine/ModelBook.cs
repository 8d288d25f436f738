using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Scoring;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>
/// The versions of the model, as <see cref="RuleBook"/> has those of the rules: which were ever in force, which one is, or that none is, and the way from one
/// to the next. Changes of the model and of the rules are made one after the other.
/// </summary>
/// <param name="rules">Makes the changes.</param>
/// <param name="entities">The kinds of entities, beside accounts, that models may look at; null for all.</param>
public sealed class ModelBook(RuleBook rules, DecisionEngine engine, IRuleStore store, WindowSettings windows, IReadOnlySet<EntityKind>? entities = null)
{
    /// <summary>Of the trees' file.</summary>
    public const int TreesBytesMax = TreeModel.BytesMax;

    /// <summary>Where <see cref="OpenAsync"/> remembers which files it has taken over.</summary>
    private const string FileSetting = "model_file";

    /// <summary>What stands there where no file is named.</summary>
    private const string NoFile = "";

    private readonly ModelLoader _loader = new(store, windows, entities);
    private readonly bool _isShared = store is ISharedJournal;

    /// <summary>Told when another model is in force, or none (null), and by what: one of <see cref="RuleSetCause"/>.</summary>
    public Action<ScoringModel?, string>? Changed { get; set; }

    /// <summary>What scores at the start: the model's files where they say something new, else what was in force last.</summary>
    /// <param name="file">Null where none are named: then none is in force, unless one was put while none were named.</param>
    /// <exception cref="RuleSetException">The configuration has errors.</exception>
    /// <exception cref="InvalidDataException">The trees can't be used.</exception>
    /// <exception cref="InvalidOperationException">The files have another model under a version that is stored.</exception>
    public static async Task<NumberedModel?> OpenAsync(
        IRuleStore store, ModelText? file, NamedLists lists, WindowSettings windows, IReadOnlySet<EntityKind>? entities, TimeProvider clock)
    {
        var loader = new ModelLoader(store, windows, entities);
        var last = await store.ReadModelChangesAsync() is [.., var change] ? change.Number : 0;
        var fingerprint = file is null ? NoFile : Fingerprint(file);
        if ((await store.ReadSettingAsync(FileSetting) ?? NoFile) == fingerprint)
        {
            return last == 0 ? null : await loader.LoadAsync((await store.ReadModelsAsync()).First(stored => stored.Number == last), lists);
        }

        NumberedModel? opened = null;
        if (file is not null)
        {
            var model = loader.Load(file, lists);
            var number = await loader.FindOrRegisterAsync(model, file.Trees)
                ?? throw new InvalidOperationException($"{file.ConfigName}: {await loader.VersionTakenAsync(model)}");
            opened = new NumberedModel(model, number);
        }

        if (last != (opened?.Number ?? 0))
        {
            await store.PutModelInForceAsync(new RuleSetChange(opened?.Number ?? 0, clock.GetUtcNow().UtcTicks, RuleSetCause.Start));
        }

        await store.WriteSettingAsync(FileSetting, fingerprint);
        return opened;
    }

    /// <summary>
    /// Of a shared store: puts in force what another node has put in force last, which may be that none is. The lists that it may name must have been taken over
    /// before.
    /// </summary>
    public Task<ModelAnswer> FollowAsync() => ChangeAsync(() => Task.FromResult(Answer(RulesAnswerKind.Unchanged)));

    /// <summary>
    /// Checks a model, has its windows filled, and puts it in force. Where several nodes share a store and watch the same files, the first of them puts it in
    /// force; to the others they say nothing new.
    /// </summary>
    /// <param name="cause">One of <see cref="RuleSetCause"/>.</param>
    public Task<ModelAnswer> PutAsync(ModelText text, string cause) => ChangeAsync(async () =>
    {
        if (_isShared && cause == RuleSetCause.File && await store.ReadSettingAsync(FileSetting) == Fingerprint(text))
        {
            return Answer(RulesAnswerKind.Unchanged);
        }

        var model = _loader.Load(text, engine.InForce.Lists);
        if (await _loader.FindOrRegisterAsync(model, text.Trees) is not { } number)
        {
            return Answer(RulesAnswerKind.VersionTaken, await _loader.VersionTakenAsync(model));
        }

        var answer = await PutInForceAsync(new NumberedModel(model, number), cause);
        if (cause == RuleSetCause.File)
        {
            // Only now: an engine that ends before finds at its next start that the files say something new.
            await store.WriteSettingAsync(FileSetting, Fingerprint(text));
        }

        return answer;
    });

    /// <summary>From the next transaction on no model scores; Unknown where none does.</summary>
    /// <param name="cause">One of <see cref="RuleSetCause"/>.</param>
    public Task<ModelAnswer> RemoveAsync(string cause) => ChangeAsync(async () => engine.InForce.Model is null
        ? Answer(RulesAnswerKind.Unknown, "No model is in force.")
        : await PutInForceAsync(null, cause));

    /// <summary>Puts a stored model back in force.</summary>
    /// <param name="reference"><c>name@version</c>; null for what was in force before the present one, which may be that none was.</param>
    public Task<ModelAnswer> RollBackAsync(string? reference) => ChangeAsync(async () =>
    {
        var stored = await store.ReadModelsAsync();
        var changes = await store.ReadModelChangesAsync();
        if (reference is null)
        {
            return changes.Count == 0
                ? Answer(RulesAnswerKind.Unknown, "No model was in force before.")
                : await PutInForceAsync(await FindBeforeAsync(stored, changes), RuleSetCause.Rollback);
        }

        var named = stored.Where(model => model.Reference == reference).ToList();
        var wanted = named.FindLast(model => changes.Any(change => change.Number == model.Number)) ?? named.LastOrDefault();
        return wanted is null
            ? Answer(RulesAnswerKind.Unknown, $"No model {reference} is stored.")
            : await PutInForceAsync(await _loader.LoadAsync(wanted, engine.InForce.Lists), RuleSetCause.Rollback);
    });

    /// <summary>Every version ever stored, the newest first, and when each went into force.</summary>
    public async Task<ImmutableArray<ModelVersion>> ReadVersionsAsync()
    {
        var changes = (await store.ReadModelChangesAsync()).ToLookup(static change => change.Number);
        var inForce = engine.InForce.Model?.Number;
        return [.. (await store.ReadModelsAsync()).Reverse().Select(model => new ModelVersion(model, model.Number == inForce, [.. changes[model.Number]]))];
    }

    /// <summary>Makes one change at a time, and says what is wrong with a model.</summary>
    private Task<ModelAnswer> ChangeAsync(Func<Task<ModelAnswer>> change) => rules.ChangeModelAsync(async () =>
    {
        try
        {
            await rules.TakeOverListsAsync();
            await TakeOverAsync();
            return await change();
        }
        catch (RuleSetException invalid)
        {
            return Answer(RulesAnswerKind.Invalid, invalid.Message) with { Errors = invalid.Errors };
        }
        catch (InvalidDataException unusable)
        {
            return Answer(RulesAnswerKind.Invalid, unusable.Message);
        }
    });

    /// <summary>Takes over what another node has put in force last, before anything is compared with what is in force here.</summary>
    private async Task TakeOverAsync()
    {
        if (!_isShared || await store.ReadModelChangesAsync() is not [.., var last] || last.Number == (engine.InForce.Model?.Number ?? 0))
        {
            return;
        }

        var model = last.Number == 0 ? null : await _loader.LoadAsync((await store.ReadModelsAsync()).First(stored => stored.Number == last.Number), engine.InForce.Lists);
        await rules.SwitchModelAsync(model, RuleSetCause.Cluster, isStored: true);
        Changed?.Invoke(model?.Model, RuleSetCause.Cluster);
    }

    private async Task<ModelAnswer> PutInForceAsync(NumberedModel? model, string cause)
    {
        if (model?.Number == engine.InForce.Model?.Number)
        {
            return Answer(RulesAnswerKind.Unchanged);
        }

        await rules.SwitchModelAsync(model, cause);
        Changed?.Invoke(model?.Model, cause);
        return Answer(RulesAnswerKind.InForce);
    }

    /// <summary>What was in force before the present one; null for none, as before the first.</summary>
    private async Task<NumberedModel?> FindBeforeAsync(IReadOnlyList<StoredModel> stored, IReadOnlyList<RuleSetChange> changes)
    {
        var now = engine.InForce.Model?.Number ?? 0;
        var before = changes.LastOrDefault(change => change.Number != now)?.Number ?? 0;
        return before == 0 ? null : await _loader.LoadAsync(stored.First(model => model.Number == before), engine.InForce.Lists);
    }

    private ModelAnswer Answer(RulesAnswerKind kind, string detail = "") => new(kind, engine.InForce) { Detail = detail };

    private static string Fingerprint(ModelText text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(text.Config)));
        hash.AppendData(text.Trees);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

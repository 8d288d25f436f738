using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Rules.Lists;
using FraudEngine.Storage;
using FraudEngine.Windows;

namespace FraudEngine.Engine;

/// <summary>Makes models of what files, requests and the store hold of them.</summary>
/// <param name="entities">The kinds of entities, beside accounts, that models may look at; null for all.</param>
internal sealed class ModelLoader(IRuleStore store, WindowSettings windows, IReadOnlySet<EntityKind>? entities)
{
    /// <summary>Checks a model and puts its parts together.</summary>
    /// <exception cref="RuleSetException">The configuration has errors.</exception>
    /// <exception cref="InvalidDataException">The trees can't be used; the message names them.</exception>
    public ScoringModel Load(ModelText text, NamedLists lists) =>
        ScoringModel.Load(text.Config, text.ConfigName, text.Trees, text.TreesName, windows, lists.Lists.Keys.ToHashSet(), entities);

    /// <summary>A stored model; with the same exceptions.</summary>
    public async Task<NumberedModel> LoadAsync(StoredModel stored, NamedLists lists) =>
        new(Load(new ModelText(stored.Source, await store.ReadTreesAsync(stored.Number), stored.Reference, $"the trees of {stored.Reference}"), lists), stored.Number);

    /// <summary>
    /// The model's number; null where another was in force under its name and version. Those of a shadow that never were stand in nobody's way.
    /// </summary>
    public async Task<int?> FindOrRegisterAsync(ScoringModel model, byte[] trees)
    {
        var changes = await store.ReadModelChangesAsync();
        var namesakes = (await store.ReadModelsAsync()).Where(stored => stored.Reference == model.Features.Reference).ToList();
        var deciding = namesakes.Where(stored => changes.Any(change => change.Number == stored.Number)).ToList();
        foreach (var stored in deciding.Count > 0 ? deciding : namesakes)
        {
            if (SaysTheSame(stored, model.Features) && (await store.ReadTreesAsync(stored.Number)).AsSpan().SequenceEqual(trees))
            {
                return stored.Number;
            }
        }

        var features = model.Features;
        return deciding.Count > 0 ? null : await store.RegisterModelAsync(features.Name, features.Version, features.Source, trees, features.Reasons);
    }

    /// <summary>Why <see cref="FindOrRegisterAsync"/> has no number.</summary>
    public async Task<string> VersionTakenAsync(ScoringModel model)
    {
        var features = model.Features;
        var free = (await store.ReadModelsAsync()).Where(stored => stored.Name == features.Name).Max(static stored => stored.Version) + 1;
        return $"Another model is stored as {features.Reference}, and a version never changes: decisions name it. Raise 'version' to {free}.";
    }

    /// <summary>Whether a stored text differs in its comments and layout only.</summary>
    private bool SaysTheSame(StoredModel stored, FeatureSet features)
    {
        if (stored.Source == features.Source)
        {
            return true;
        }

        try
        {
            return FeatureSet.Parse(stored.Source, stored.Reference, windows).SaysTheSameAs(features);
        }
        catch (RuleSetException)
        {
            // It was stored by an engine with a longer horizon.
            return false;
        }
    }
}

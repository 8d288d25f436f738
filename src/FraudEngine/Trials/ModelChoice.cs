using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Trials;

/// <summary>Which model is tried beside the rules.</summary>
public sealed class ModelChoice
{
    private readonly string _config = "";
    private readonly string _configName = "";
    private readonly byte[]? _trees;

    private ModelChoice()
    {
    }

    private ModelChoice(string config, string configName, byte[] trees)
    {
        (_config, _configName, _trees) = (config, configName, trees);
    }

    /// <summary>The one that is in force when the trial begins, where one is; it stays with the trial.</summary>
    public static ModelChoice InForce { get; } = new();

    /// <summary>The rules are tried alone.</summary>
    public static ModelChoice None { get; } = new();

    /// <param name="config">The text of its file.</param>
    /// <param name="configName">How errors name it.</param>
    /// <param name="trees">XGBoost's file.</param>
    public static ModelChoice Of(string config, string configName, byte[] trees) => new(config, configName, trees);

    /// <summary>XGBoost's file; null where no model is given.</summary>
    internal byte[]? Trees => _trees;

    /// <summary>The model that is given; null where none is.</summary>
    /// <exception cref="RuleSetException">Its file has errors.</exception>
    /// <exception cref="InvalidDataException">Its trees can't be used.</exception>
    internal ScoringModel? Load(WindowSettings windows, IReadOnlySet<EntityKind>? entities) =>
        _trees is null ? null : ScoringModel.Load(_config, _configName, _trees, "trees", windows, knownLists: null, entities);
}

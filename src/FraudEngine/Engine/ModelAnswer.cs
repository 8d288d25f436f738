using System.Collections.Immutable;
using FraudEngine.Rules;
using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>What became of a wish to change the model.</summary>
/// <param name="InForce">What is in force now.</param>
public sealed record ModelAnswer(RulesAnswerKind Kind, RulesInForce InForce)
{
    /// <summary>Why nothing has changed, in a sentence.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Of an invalid configuration, with their places; none where it is the trees that can't be used.</summary>
    public IReadOnlyList<RuleError> Errors { get; init; } = [];
}

/// <summary>A stored model.</summary>
/// <param name="Changes">When it went into force, oldest first.</param>
public sealed record ModelVersion(StoredModel Model, bool IsInForce, ImmutableArray<RuleSetChange> Changes);

/// <summary>A model as files hold it.</summary>
/// <param name="Config">The text of its configuration, in YAML.</param>
/// <param name="Trees">XGBoost's file.</param>
/// <param name="ConfigName">How errors name the configuration.</param>
/// <param name="TreesName">How errors name the trees.</param>
public sealed record ModelText(string Config, byte[] Trees, string ConfigName, string TreesName);

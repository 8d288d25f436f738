using System.Collections.Immutable;
using FraudEngine.Rules;
using FraudEngine.Storage;

namespace FraudEngine.Engine;

/// <summary>What became of a wish to change the rules.</summary>
public enum RulesAnswerKind
{
    None,

    /// <summary>They are in force.</summary>
    InForce,

    /// <summary>They were in force already.</summary>
    Unchanged,

    /// <summary>They have errors; nothing has changed.</summary>
    Invalid,

    /// <summary>Other rules are stored under that name and version; nothing has changed.</summary>
    VersionTaken,

    /// <summary>There is no such rule set; nothing has changed.</summary>
    Unknown,

    /// <summary>A rollback came before they could go into force; they are stored.</summary>
    Overtaken,
}

/// <param name="InForce">What is in force now.</param>
public sealed record RulesAnswer(RulesAnswerKind Kind, RulesInForce InForce)
{
    /// <summary>Why nothing has changed, in a sentence.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Of invalid rules, with their places.</summary>
    public IReadOnlyList<RuleError> Errors { get; init; } = [];
}

/// <summary>Where a rule set came from when it went into force, as it is stored.</summary>
public static class RuleSetCause
{
    public const string Start = "start";
    public const string File = "file";
    public const string Http = "http";
    public const string Rollback = "rollback";

    /// <summary>Another node has put it in force. Never stored: the change that is stored says what brought it there.</summary>
    public const string Cluster = "cluster";
}

/// <summary>A stored rule set.</summary>
/// <param name="Changes">When it went into force, oldest first.</param>
public sealed record RuleSetVersion(StoredRuleSet Set, bool IsInForce, ImmutableArray<RuleSetChange> Changes);

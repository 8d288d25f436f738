namespace FraudEngine.Engine.Visiting;

/// <summary>What came of a visit.</summary>
internal enum VisitAnswer
{
    None,

    /// <summary>The entity's windows were read.</summary>
    Read,

    /// <summary>The entity can't be read.</summary>
    Unreadable,

    /// <summary>The entity no longer keeps what the visit asks for: other rules have come into force.</summary>
    Outdated,

    /// <summary>The entity's shard is not this node's.</summary>
    Away,
}

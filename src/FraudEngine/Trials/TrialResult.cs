namespace FraudEngine.Trials;

/// <summary>What became of a transaction in a trial.</summary>
public enum TrialResult
{
    None,
    Decided,

    /// <summary>It lies outside the time that is compared, and fills the windows of what does not.</summary>
    Filled,

    /// <summary>Its id was used before by a transaction that says the same: nothing happens.</summary>
    Resent,

    /// <summary>Its id was used before by a transaction that says something else.</summary>
    IdReused,
    TooLate,
}

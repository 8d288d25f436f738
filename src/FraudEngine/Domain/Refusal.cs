namespace FraudEngine.Domain;

/// <summary>Why a well-formed transaction was not decided, in the order in which it is checked.</summary>
public enum Refusal
{
    None,

    /// <summary>Its event time is further ahead of the clock than allowed.</summary>
    TooFarAhead,

    /// <summary>Its id was used before for a transaction that says something else.</summary>
    IdReused,

    /// <summary>Its event time is older than its account's newest by more than the allowed lateness.</summary>
    TooLate,

    /// <summary>Deciding it failed twice. It is recorded; the account goes on without it.</summary>
    Poison,

    /// <summary>It could not be stored, or there was no room for it. Sending it again is safe.</summary>
    Unavailable,
}

namespace FraudEngine.Entities;

/// <summary>Whether an account may decide a transaction.</summary>
public enum Admissibility
{
    None,
    Admissible,

    /// <summary>Its id may have been used before: only the journal knows.</summary>
    PerhapsSeen,
    TooLate,
}

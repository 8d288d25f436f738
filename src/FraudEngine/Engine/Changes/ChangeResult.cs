namespace FraudEngine.Engine.Changes;

/// <summary>What came of a change of an account: a customer's response, a hold, a release, other preferences.</summary>
public enum ChangeResult : byte
{
    None,

    /// <summary>It is stored, and counts from the next transaction on.</summary>
    Stored,

    /// <summary>It was so already.</summary>
    Unchanged,

    /// <summary>The alert was answered before, with the other response.</summary>
    AnsweredOtherwise,

    /// <summary>The account has no such transaction.</summary>
    Unknown,

    /// <summary>It could not be stored. Sending it again is safe.</summary>
    Unavailable,
}

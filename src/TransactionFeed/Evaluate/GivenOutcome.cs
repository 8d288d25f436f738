namespace TransactionFeed.Evaluate;

/// <summary>What was decided, from the mildest to the hardest.</summary>
internal enum GivenOutcome : byte
{
    /// <summary>The decisions have no outcomes, only scores.</summary>
    None,
    Approve,
    Review,
    Decline,
}

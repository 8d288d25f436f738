namespace TransactionFeed.Evaluate;

/// <summary>What became of the rows that were read. Each row of the decisions counts once: as refused, unreadable, unknown, repeated, without a label, or as taken.</summary>
internal sealed record InputCounts
{
    /// <summary>Rows of the decisions file.</summary>
    public long Decisions { get; set; }

    /// <summary>They have an error in place of a decision.</summary>
    public long Refused { get; set; }

    /// <summary>Without a score that is a number, without ids, or with an outcome that is none.</summary>
    public long Unreadable { get; set; }

    /// <summary>Their transaction is in none of the files with labels or data.</summary>
    public long Unknown { get; set; }

    /// <summary>Their transaction had a decision before, and that one counts.</summary>
    public long Repeated { get; set; }

    /// <summary>Repeated, and with another score or outcome.</summary>
    public long RepeatedDifferently { get; set; }

    /// <summary>Their transaction is known, what it turned out to be is not.</summary>
    public long WithoutLabel { get; set; }

    /// <summary>Rows of the files with labels that have one.</summary>
    public long Labels { get; set; }

    /// <summary>Labels for a transaction that had one; the last counts.</summary>
    public long LabelsRepeated { get; set; }

    /// <summary>Rows of the files with data that have no ids or no time.</summary>
    public long DataUnreadable { get; set; }
}

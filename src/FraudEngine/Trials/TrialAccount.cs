using FraudEngine.Entities;

namespace FraudEngine.Trials;

/// <summary>One account inside a trial. Belongs to its partition.</summary>
public sealed class TrialAccount
{
    internal TrialAccount(byte[] id) => Id = id;

    /// <summary>UTF-8.</summary>
    public byte[] Id { get; }

    /// <summary>As the candidate's windows need it; null while it is dropped.</summary>
    internal AccountState? State { get; set; }

    /// <summary>As the windows of the rule set that it is compared with need it; null where that is not tried itself.</summary>
    internal AccountState? Against { get; set; }

    /// <summary>What stands for it by the journal, also while its state is dropped.</summary>
    internal AccountTerms Terms { get; set; } = AccountTerms.None;

    /// <summary>Null until an id is asked for.</summary>
    internal SeenIds? Seen { get; set; }

    /// <summary>The newest event time when its state was dropped.</summary>
    internal long DroppedTicks { get; set; } = long.MinValue;

    internal bool IsWronglyDeclined { get; set; }

    /// <summary>The first and the last row of the account in <see cref="RowGroups"/>.</summary>
    internal (int First, int Last) Rows { get; set; } = (RowGroups.End, RowGroups.End);
}

using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>What has changed an account besides its transactions and labels.</summary>
public enum AccountChange : byte
{
    None,

    /// <summary>Its customer has answered an alert.</summary>
    Responded,
    Held,
    Released,

    /// <summary>Its customer has chosen other activity alerts.</summary>
    ActivityChosen,
}

/// <summary>
/// The event of an account: something other than a transaction or a label has changed it. Says who, when and why, and all that stands since: whoever looks back at
/// a transaction needs only the newest change before it.
/// </summary>
public sealed class AccountChanged
{
    public AccountChange Change { get; internal set; }

    /// <summary>The account's own number for it, in one row with its transactions'.</summary>
    public long Sequence { get; internal set; }

    /// <summary>As <see cref="Domain.Customers.AccountHold.By"/>.</summary>
    public string By { get; internal set; } = "";

    /// <summary>Empty where none was given.</summary>
    public string Reason { get; internal set; } = "";

    /// <summary>When, in UTC ticks of the clock.</summary>
    public long AtTicks { get; internal set; }

    /// <summary>What the customer has said; None where it is no response.</summary>
    public AlertResponse Response { get; internal set; }

    /// <summary>The sequence number of the transaction whose alert was answered; 0 where it is no response.</summary>
    public long AnsweredSequence { get; internal set; }

    /// <summary>That transaction's id as UTF-8.</summary>
    public byte[] TransactionId { get; internal set; } = [];

    /// <summary>What stands since.</summary>
    public AccountTerms Terms { get; internal set; } = AccountTerms.None;
}

using System.Collections.Immutable;
using FraudEngine.Domain.Customers;
using FraudEngine.Entities;

namespace FraudEngine.Engine;

/// <summary>What an account's windows say.</summary>
/// <param name="Transactions">How many of its transactions are decided.</param>
/// <param name="AsOfTicks">The instant for which the windows are read, in UTC ticks.</param>
/// <param name="NewestTicks">Its newest transaction's event time, in UTC ticks.</param>
/// <param name="Terms">What stands for it now, whatever the instant.</param>
public sealed record AccountView(long Transactions, long AsOfTicks, long NewestTicks, ImmutableArray<WindowReading> Windows, AccountTerms Terms)
{
    /// <summary>Null where it is not held.</summary>
    public AccountHold? Hold => Terms.Hold;

    /// <summary>A held account that has no transaction: no instant, and no window.</summary>
    public static AccountView OfTerms(AccountTerms terms) => new(0, 0, 0, [], terms);
}

/// <summary>Asks an account what its windows say.</summary>
/// <param name="asOfTicks">The instant; null for that of its newest transaction.</param>
internal sealed class AccountQuery(byte[] accountId, long? asOfTicks) : AccountRequest
{
    private readonly TaskCompletionSource<AccountView?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long? AsOfTicks { get; } = asOfTicks;

    /// <summary>Null where the account has no transaction and is not held. Faults with <see cref="TimeoutException"/> where the account can't be read now.</summary>
    public Task<AccountView?> Answer => _answer.Task;

    public AccountView? View { get; set; }

    /// <summary>Whether the account could not be read.</summary>
    public bool IsUnavailable { get; private set; }

    public override ReadOnlySpan<byte> AccountId => accountId;

    internal override void Release()
    {
        if (IsUnavailable)
        {
            _answer.TrySetException(new TimeoutException("The account can't be read now. Try again."));
        }
        else
        {
            _answer.TrySetResult(View);
        }
    }

    internal override void PrepareToRedo() => View = null;

    internal override void RefuseAsUnavailable() => IsUnavailable = true;
}

using System.Collections.Immutable;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Entities;

/// <summary>
/// What stands for an account until it is changed, whatever its transactions: a hold, the patterns that its customer has confirmed, the activity alerts that the
/// customer has chosen. Immutable, so that a state and those made of it share one.
/// </summary>
public sealed class AccountTerms
{
    /// <summary>Patterns of one account; a further one takes the place of the one that was confirmed longest ago.</summary>
    public const int PatternsMax = 32;

    internal AccountTerms(long sequence, AccountHold? hold, ImmutableArray<ConfirmedPattern> patterns, ImmutableArray<ChosenActivity> activity) =>
        (Sequence, Hold, Patterns, Activity) = (sequence, hold, patterns, activity);

    /// <summary>Those of most accounts: nothing stands.</summary>
    public static AccountTerms None { get; } = new(0, null, [], []);

    /// <summary>The sequence number of the change since which they stand; 0 for <see cref="None"/>.</summary>
    public long Sequence { get; }

    /// <summary>Null where the account is not held.</summary>
    public AccountHold? Hold { get; }

    /// <summary>The one that was confirmed last stands last.</summary>
    public ImmutableArray<ConfirmedPattern> Patterns { get; }

    public ImmutableArray<ChosenActivity> Activity { get; }

    public bool IsNone => Sequence == 0;

    /// <summary>The same but for the hold.</summary>
    /// <param name="sequence">The change's.</param>
    public AccountTerms WithHold(AccountHold? hold, long sequence) => Of(sequence, hold, Patterns, Activity);

    /// <summary>The same but for a pattern more; one that is there already counts as confirmed last, and never for a shorter time.</summary>
    public AccountTerms WithPattern(ConfirmedPattern pattern, long sequence)
    {
        var until = pattern.UntilTicks;
        var patterns = ImmutableArray.CreateBuilder<ConfirmedPattern>(Patterns.Length + 1);
        foreach (var known in Patterns)
        {
            if (known.Key == pattern.Key)
            {
                until = Math.Max(until, known.UntilTicks);
            }
            else
            {
                patterns.Add(known);
            }
        }

        if (patterns.Count == PatternsMax)
        {
            patterns.RemoveAt(0);
        }

        patterns.Add(pattern with { UntilTicks = until });
        return Of(sequence, Hold, patterns.DrainToImmutable(), Activity);
    }

    /// <summary>The same but for the activity alerts.</summary>
    public AccountTerms WithActivity(ImmutableArray<ChosenActivity> activity, long sequence) => Of(sequence, Hold, Patterns, activity);

    /// <summary>Whether the customer has confirmed a payment like this one, for its time. Allocates nothing.</summary>
    internal bool HasConfirmed(Transaction transaction)
    {
        if (Patterns.IsEmpty)
        {
            return false;
        }

        var key = ConfirmedPattern.KeyOf(transaction);
        foreach (var pattern in Patterns)
        {
            if (pattern.Key == key && transaction.TimestampTicks <= pattern.UntilTicks)
            {
                return true;
            }
        }

        return false;
    }

    private static AccountTerms Of(long sequence, AccountHold? hold, ImmutableArray<ConfirmedPattern> patterns, ImmutableArray<ChosenActivity> activity) =>
        hold is null && patterns.IsEmpty && activity.IsEmpty ? None : new AccountTerms(sequence, hold, patterns, activity);
}

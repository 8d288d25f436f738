using TransactionFeed.CommandLine;

namespace TransactionFeed.Evaluate;

/// <summary>The transactions that are evaluated: decided, labelled, within the period, and not of an account that is known as compromised.</summary>
internal sealed class TestSet
{
    private readonly List<Scored> _transactions = [];

    private TestSet()
    {
    }

    public ReadOnlySpan<Scored> Transactions => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_transactions);

    /// <summary>The first and the last event time; null where no time is known.</summary>
    public long? First { get; private set; }

    public long? Last { get; private set; }

    /// <summary>Evaluated, but in no day's figures.</summary>
    public long WithoutTime { get; private set; }

    /// <summary>Left out for their time, or because nobody knows it while a period is asked for.</summary>
    public long OutsidePeriod { get; private set; }

    /// <summary>Left out with their accounts.</summary>
    public long OfKnownAccounts { get; private set; }

    public long FraudsOfKnownAccounts { get; private set; }

    /// <summary>Labelled, of the period, and without a decision.</summary>
    public long Undecided { get; private set; }

    public long UndecidedFrauds { get; private set; }

    /// <summary>The first time of a label; null where none has one.</summary>
    public long? FirstLabel { get; private set; }

    /// <summary>Throws, with a line for the user, where a period is asked for and no time is known.</summary>
    public static TestSet Of(ReadOnlySpan<BookRow> rows, EvaluateSettings settings)
    {
        var test = new TestSet();
        foreach (ref readonly var row in rows)
        {
            if (row.Truth != Truth.None && row.HasTime)
            {
                test.FirstLabel = Math.Min(test.FirstLabel ?? long.MaxValue, row.Ticks);
            }
        }

        var needsTimes = settings.From is not null || settings.To is not null || settings.KnownFrom is not null;
        if (needsTimes && test.FirstLabel is null)
        {
            throw FeedException.Usage("--from, --to and --known-from need the transactions' times, and the files with labels have none: give the transactions with --data FILE….");
        }

        var known = settings.KnownFrom is { } from ? KnownAccounts.Of(rows, from, settings.LabelDelay) : null;
        foreach (ref readonly var row in rows)
        {
            if (row.Truth != Truth.None)
            {
                test.Add(row, settings, needsTimes, known);
            }
        }

        return test;
    }

    private void Add(in BookRow row, EvaluateSettings settings, bool needsTimes, KnownAccounts? known)
    {
        if (row.HasTime ? row.Ticks < (settings.From ?? 0) || row.Ticks >= (settings.To ?? long.MaxValue) : needsTimes)
        {
            OutsidePeriod += row.IsDecided ? 1 : 0;
            return;
        }

        var isFraud = row.Truth == Truth.Fraud;
        var day = row.HasTime ? EventInstant.DayOf(row.Ticks) : Scored.NoDay;
        if (known?.Contains(row.Account, day) == true)
        {
            OfKnownAccounts += row.IsDecided ? 1 : 0;
            FraudsOfKnownAccounts += row.IsDecided && isFraud ? 1 : 0;
            return;
        }

        if (!row.IsDecided)
        {
            Undecided++;
            UndecidedFrauds += isFraud ? 1 : 0;
            return;
        }

        WithoutTime += row.HasTime ? 0 : 1;
        First = row.HasTime ? Math.Min(First ?? long.MaxValue, row.Ticks) : First;
        Last = row.HasTime ? Math.Max(Last ?? 0, row.Ticks) : Last;
        _transactions.Add(new Scored(row.Score, isFraud, row.Outcome, row.Account, day));
    }
}

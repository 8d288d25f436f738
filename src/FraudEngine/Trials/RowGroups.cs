namespace FraudEngine.Trials;

/// <summary>
/// Rows of a block by account, each account's in their order: an account's history is brought into the processor's cache once for all of its rows, and
/// accounts do not depend on each other. Reusable.
/// </summary>
public sealed class RowGroups
{
    /// <summary>Behind the last row of an account.</summary>
    public const int End = -1;

    private readonly List<TrialAccount> _accounts = [];
    private int[] _next = [];

    /// <summary>The accounts that have rows, in the order of their first.</summary>
    public IReadOnlyList<TrialAccount> Accounts => _accounts;

    /// <summary>Begins anew with rows numbered from 0 to below <paramref name="rows"/>.</summary>
    public void Clear(int rows)
    {
        foreach (var account in _accounts)
        {
            account.Rows = (End, End);
        }

        _accounts.Clear();
        if (_next.Length < rows)
        {
            _next = new int[rows];
        }
    }

    /// <summary>Adds a row, which comes after those added before it.</summary>
    public void Add(TrialAccount account, int row)
    {
        _next[row] = End;
        if (account.Rows.First == End)
        {
            _accounts.Add(account);
            account.Rows = (row, row);
        }
        else
        {
            _next[account.Rows.Last] = row;
            account.Rows = (account.Rows.First, row);
        }
    }

    public static int First(TrialAccount account) => account.Rows.First;

    /// <summary>The account's row after this one, or <see cref="End"/>.</summary>
    public int Next(int row) => _next[row];
}

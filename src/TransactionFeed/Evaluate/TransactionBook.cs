using System.Runtime.InteropServices;
using System.Text;

namespace TransactionFeed.Evaluate;

/// <summary>All that the files say of each transaction, by account and transaction id: the pair is the identity. One thread.</summary>
internal sealed class TransactionBook
{
    private const int AccountsMin = 1024;

    private readonly Dictionary<string, int> _rowOf = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _findRow;
    private readonly Dictionary<string, int> _accountOf = new(AccountsMin);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _findAccount;
    private readonly List<string> _accounts = [];
    private readonly List<BookRow> _rows = [];
    private char[] _key = new char[256];

    public TransactionBook()
    {
        _findRow = _rowOf.GetAlternateLookup<ReadOnlySpan<char>>();
        _findAccount = _accountOf.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The account ids, by number.</summary>
    public IReadOnlyList<string> Accounts => _accounts;

    public ReadOnlySpan<BookRow> Rows => CollectionsMarshal.AsSpan(_rows);

    /// <summary>A row, to be changed before another is added.</summary>
    public ref BookRow At(int row) => ref CollectionsMarshal.AsSpan(_rows)[row];

    /// <summary>-1 where it is not known.</summary>
    public int Find(ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> transactionId) => _findRow.TryGetValue(KeyOf(accountId, transactionId, out _), out var row) ? row : -1;

    public int FindOrAdd(ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> transactionId)
    {
        var key = KeyOf(accountId, transactionId, out var account);
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_findRow, key, out var isKnown);
        if (!isKnown)
        {
            row = _rows.Count;
            _rows.Add(new BookRow(NumberOf(account)));
        }

        return row;
    }

    private int NumberOf(ReadOnlySpan<char> account)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_findAccount, account, out var isKnown);
        if (!isKnown)
        {
            number = _accounts.Count;
            _accounts.Add(account.ToString());
        }

        return number;
    }

    /// <summary>Both ids with a line feed, which no id has, between them.</summary>
    private ReadOnlySpan<char> KeyOf(ReadOnlySpan<byte> accountId, ReadOnlySpan<byte> transactionId, out ReadOnlySpan<char> account)
    {
        if (_key.Length < accountId.Length + transactionId.Length + 1)
        {
            _key = new char[(accountId.Length + transactionId.Length + 1) * 2];
        }

        var length = Encoding.UTF8.GetChars(accountId, _key);
        account = _key.AsSpan(0, length);
        _key[length++] = '\n';
        return _key.AsSpan(0, length + Encoding.UTF8.GetChars(transactionId, _key.AsSpan(length)));
    }
}

/// <summary>One transaction.</summary>
internal struct BookRow(int account)
{
    public const long NoTime = -1;

    public readonly int Account = account;

    public Truth Truth;

    public GivenOutcome Outcome;

    /// <summary>UTC, or <see cref="NoTime"/>.</summary>
    public long Ticks = NoTime;

    /// <summary>NaN where no decision was read.</summary>
    public double Score = double.NaN;

    public readonly bool IsDecided => !double.IsNaN(Score);

    public readonly bool HasTime => Ticks != NoTime;
}

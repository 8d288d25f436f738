using System.Text;

namespace FraudEngine.Domain;

/// <summary>Entries for a named list as somebody gives them, each checked when it is added.</summary>
public sealed class ListEntries
{
    /// <summary>Entries of all lists together.</summary>
    public const int CountMax = 1_000_000;

    /// <summary>The expiry of an entry that has none: the end of time.</summary>
    public const long Never = long.MaxValue;

    private readonly Dictionary<string, long> _expiries = new(StringComparer.Ordinal);

    /// <summary>When each entry expires, in UTC ticks of the event time, or <see cref="Never"/>.</summary>
    public IReadOnlyDictionary<string, long> Expiries => _expiries;

    /// <summary>Adds an entry. White space around it does not count.</summary>
    /// <param name="expires">An RFC 3339 time; null for never.</param>
    /// <returns>What is wrong with it, for a sentence; null where it is taken. Never quotes the entry, which may be an account.</returns>
    public string? Add(string text, string? expires = null)
    {
        var trimmed = text.Trim();
        if (TransactionBuilder.CheckId(Encoding.UTF8.GetBytes(trimmed)) != FieldProblem.None)
        {
            return $"an entry must have 1 to {Transaction.IdCharactersMax} printable characters";
        }

        var ticks = Never;
        if (expires is not null && TimestampText.Read(Encoding.UTF8.GetBytes(expires), out ticks) != FieldProblem.None)
        {
            return "the expiry must be a time with its offset such as 2026-12-31T00:00:00Z";
        }

        if (!_expiries.TryAdd(trimmed, ticks))
        {
            return _expiries[trimmed] == ticks ? null : "the entry is given twice, with different expiries";
        }

        return _expiries.Count <= CountMax ? null : $"there may be at most {CountMax:N0} entries";
    }
}

using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Trials;

/// <summary>Sums of amounts, exact, each currency by itself.</summary>
internal sealed class MoneyTotals
{
    private readonly SortedList<uint, UInt128> _units = [];

    public void Add(Transaction transaction)
    {
        var key = KeyOf(transaction.Text(TransactionField.Currency));
        _units[key] = _units.GetValueOrDefault(key) + (ulong)transaction.Amount.Units;
    }

    public void Add(MoneyTotals other)
    {
        foreach (var (key, units) in other._units)
        {
            _units[key] = _units.GetValueOrDefault(key) + units;
        }
    }

    /// <summary>By currency; those that others name and these totals do not have are 0.</summary>
    public IReadOnlyList<MoneyReport> ToReport() => [.. _units.Select(total => new MoneyReport(Name(total.Key), ToDecimal(total.Value)))];

    /// <summary>The share of other totals that these are, currency by currency.</summary>
    public IReadOnlyList<MoneyShare> ToShares(MoneyTotals of) =>
    [
        .. of._units.Select(total =>
        {
            var part = _units.GetValueOrDefault(total.Key);
            return new MoneyShare(Name(total.Key), ToDecimal(part), total.Value == 0 ? null : Shares.Of(ToDecimal(part), ToDecimal(total.Value)));
        }),
    ];

    /// <summary>Beyond what a decimal holds, some 10^24 currency units, it throws.</summary>
    private static decimal ToDecimal(UInt128 units) => (decimal)units / Money.UnitsPerWhole;

    /// <summary>The capital letters in the order of the alphabet.</summary>
    private static uint KeyOf(ReadOnlySpan<byte> currency)
    {
        uint key = 0;
        foreach (var letter in currency)
        {
            key = (key << 8) | letter;
        }

        return key;
    }

    private static string Name(uint key) => Encoding.ASCII.GetString([(byte)(key >> 16), (byte)(key >> 8), (byte)key]);
}

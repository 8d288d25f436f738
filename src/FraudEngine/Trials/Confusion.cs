using FraudEngine.Domain;

namespace FraudEngine.Trials;

/// <summary>How often something was found, or not, by what the transactions turned out to be.</summary>
internal sealed class Confusion
{
    private readonly long[] _found = new long[(int)Label.Fraud + 1];
    private readonly long[] _passed = new long[(int)Label.Fraud + 1];

    /// <summary>Amounts of frauds that were found.</summary>
    public MoneyTotals FraudFound { get; } = new();

    /// <summary>Amounts of genuine payments that were found.</summary>
    public MoneyTotals GenuineFound { get; } = new();

    public long FoundInAll => _found.Sum();

    public long Found(Label label) => _found[(int)label];

    public long Passed(Label label) => _passed[(int)label];

    public void Count(Transaction transaction, Label label, bool isFound)
    {
        (isFound ? _found : _passed)[(int)label]++;
        if (isFound && label == Label.Fraud)
        {
            FraudFound.Add(transaction);
        }
        else if (isFound && label == Label.Genuine)
        {
            GenuineFound.Add(transaction);
        }
    }

    public void Add(Confusion other)
    {
        for (var label = 0; label < _found.Length; label++)
        {
            _found[label] += other._found[label];
            _passed[label] += other._passed[label];
        }

        FraudFound.Add(other.FraudFound);
        GenuineFound.Add(other.GenuineFound);
    }
}

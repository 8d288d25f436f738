namespace FraudEngine.Trials;

/// <summary>Transactions whose outcome changed in one way: how many, what they turned out to be, and the first of them in the input's order.</summary>
internal sealed class ChangeTally
{
    public const int ExamplesMax = 10;

    private readonly long[] _counts = new long[(int)Label.Fraud + 1];
    private readonly SortedList<long, ChangeExample> _examples = new(ExamplesMax + 1);

    public void Count(Label label) => _counts[(int)label]++;

    /// <summary>Whether a transaction in that place is among the first.</summary>
    public bool IsExample(long order) => _examples.Count < ExamplesMax || order < _examples.GetKeyAtIndex(ExamplesMax - 1);

    public void AddExample(long order, ChangeExample example)
    {
        _examples.Add(order, example);
        if (_examples.Count > ExamplesMax)
        {
            _examples.RemoveAt(ExamplesMax);
        }
    }

    public void Add(ChangeTally other)
    {
        for (var label = 0; label < _counts.Length; label++)
        {
            _counts[label] += other._counts[label];
        }

        foreach (var (order, example) in other._examples)
        {
            if (IsExample(order))
            {
                AddExample(order, example);
            }
        }
    }

    public ChangeReport ToReport() => new(
        _counts.Sum(), _counts[(int)Label.Fraud], _counts[(int)Label.Genuine], _counts[(int)Label.None], [.. _examples.Values]);
}

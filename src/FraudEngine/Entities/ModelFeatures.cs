namespace FraudEngine.Entities;

/// <summary>The features that a model was given for one transaction, in the model's order; not a number where one was missing. Reusable.</summary>
public sealed class ModelFeatures
{
    private float[] _values = [];
    private int _count;

    public ReadOnlySpan<float> Values => _values.AsSpan(0, _count);

    internal void Clear() => _count = 0;

    /// <summary>Room for so many features, to be filled.</summary>
    internal Span<float> Set(int count)
    {
        if (_values.Length < count)
        {
            _values = new float[count];
        }

        _count = count;
        return _values.AsSpan(0, count);
    }
}

using FraudEngine.Domain;

namespace FraudEngine.Entities;

/// <summary>One feature that a decision used.</summary>
/// <param name="Slot">Its window's number over all kinds of entities; an account's is its place in the plan.</param>
/// <param name="IsText">Whether the value is a text; else it is a number.</param>
public readonly record struct FeatureValue(int Slot, bool IsText, decimal Number, TextKey Text);

/// <summary>The features that a decision used, so that it can be explained without recomputing them.</summary>
public sealed class FeatureValues
{
    private FeatureValue[] _values = [];
    private int _count;

    public ReadOnlySpan<FeatureValue> Values => _values.AsSpan(0, _count);

    internal void Clear() => _count = 0;

    internal void Add(FeatureValue value)
    {
        if (_count == _values.Length)
        {
            Array.Resize(ref _values, Math.Max(8, _count * 2));
        }

        _values[_count++] = value;
    }
}

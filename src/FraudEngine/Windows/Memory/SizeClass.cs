using System.Numerics;

namespace FraudEngine.Windows.Memory;

/// <summary>Which lengths of free blocks are kept together: small ones each by themselves, larger ones in eight steps for each doubling.</summary>
internal static class SizeClass
{
    private const int StepBits = 3;

    /// <summary>Smaller lengths have a class each.</summary>
    private const int StepsFrom = 2 << StepBits;

    private const int FirstDoubling = StepBits + 1;

    /// <summary>Classes for lengths below 2^15.</summary>
    public const int Count = StepsFrom + ((15 - FirstDoubling) << StepBits);

    /// <summary>The class of a length, in grains: longer ones have the same or a higher one, and all of a higher one are longer.</summary>
    public static int Of(int grains)
    {
        if (grains < StepsFrom)
        {
            return grains;
        }

        var doubling = BitOperations.Log2((uint)grains);
        var step = (grains >> (doubling - StepBits)) & ((1 << StepBits) - 1);
        return StepsFrom + ((doubling - FirstDoubling) << StepBits) + step;
    }
}

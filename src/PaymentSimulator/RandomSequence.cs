namespace PaymentSimulator;

/// <summary>
/// A seeded sequence that is the same on every machine and in every version of .NET: SplitMix64
/// (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
internal sealed class RandomSequence(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>In [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>In [0, <paramref name="bound"/>).</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Mean 1.</summary>
    public double Exponential() => -Math.Log(1 - Uniform());

    /// <summary>Mean 0, standard deviation 1 (Box and Muller's polar-free form).</summary>
    public double Normal() => Math.Sqrt(2 * Exponential()) * Math.Cos(2 * Math.PI * Uniform());
}

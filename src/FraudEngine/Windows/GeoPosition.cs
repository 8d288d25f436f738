using FraudEngine.Domain;

namespace FraudEngine.Windows;

/// <summary>A place on the globe in 8 bytes, or none. Degrees times 10^7, positive to the north and to the east.</summary>
internal readonly record struct GeoPosition
{
    /// <summary>Degrees times 10^7.</summary>
    public const int LatitudeMax = 900_000_000;

    /// <summary>Degrees times 10^7.</summary>
    public const int LongitudeMax = 1_800_000_000;

    /// <summary>No latitude has this value.</summary>
    private const int NoLatitude = int.MinValue;

    public GeoPosition(int latitudeE7, int longitudeE7)
    {
        LatitudeE7 = latitudeE7;
        LongitudeE7 = longitudeE7;
    }

    public static GeoPosition None { get; } = new(NoLatitude, 0);

    public int LatitudeE7 { get; }

    public int LongitudeE7 { get; }

    public bool IsNone => LatitudeE7 == NoLatitude;

    /// <summary>What <see cref="ToBits"/> made of a position.</summary>
    public static GeoPosition FromBits(long bits) => new((int)(bits >> 32), (int)bits);

    /// <summary>The position, or none, as a number.</summary>
    public long ToBits() => ((long)LatitudeE7 << 32) | (uint)LongitudeE7;

    public static GeoPosition Of(Transaction transaction) =>
        transaction.HasPosition ? new GeoPosition(transaction.LatitudeE7, transaction.LongitudeE7) : None;
}

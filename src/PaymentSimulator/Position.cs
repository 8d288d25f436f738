namespace PaymentSimulator;

/// <summary>A place, in ten-thousandths of a degree.</summary>
internal readonly record struct Position(int LatitudeE4, int LongitudeE4)
{
    /// <summary>Good enough to say which of two places is nearer.</summary>
    public long SquaredDistance(Position other)
    {
        long latitude = LatitudeE4 - other.LatitudeE4;
        long longitude = LongitudeE4 - other.LongitudeE4;
        return (latitude * latitude) + (longitude * longitude);
    }
}

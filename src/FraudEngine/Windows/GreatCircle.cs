namespace FraudEngine.Windows;

/// <summary>
/// Distances over the ground, on a sphere. The same bits on every machine: the platform's own sine and arc tangent differ in their last bits from one to the
/// next, while addition, multiplication, division and square root are the same everywhere (IEEE 754); so nothing else is used here.
/// </summary>
internal static class GreatCircle
{
    /// <summary>The earth's mean radius R1 (IUGG, geodetic reference system 1980), in kilometres.</summary>
    private const double Radius = 6371.0088;

    /// <summary>Half an angle in degrees times 10^7 is a whole number of units; these are so many to 180 degrees.</summary>
    private const long HalfTurn = 3_600_000_000;

    private const double RadiansPerUnit = Math.PI / HalfTurn;

    /// <summary>Decimal places of a result.</summary>
    private const int Decimals = 3;

    private const double PerThousandth = 1_000;

    /// <summary>Kilometres between two places, rounded to metres.</summary>
    public static decimal Distance(GeoPosition from, GeoPosition to) => Rounded(Kilometres(from, to));

    /// <summary>Kilometres per hour on the way between two places, rounded to 3 decimals; less than a second counts as one.</summary>
    public static decimal Speed(GeoPosition from, GeoPosition to, long ticks) =>
        Rounded(Kilometres(from, to) * TimeSpan.TicksPerHour / Math.Max(ticks, TimeSpan.TicksPerSecond));

    /// <summary>
    /// The haversine formula, h = sin²(Δφ/2) + cos φ₁ · cos φ₂ · sin²(Δλ/2), with h and 1 − h written as sums of squares, so that neither loses digits,
    /// not even where the places meet or stand opposite to each other.
    /// </summary>
    internal static double Kilometres(GeoPosition from, GeoPosition to)
    {
        var (sinLatitude, cosLatitude) = SquaresOfHalf((long)to.LatitudeE7 - from.LatitudeE7);
        var (sinMiddle, cosMiddle) = SquaresOfHalf((long)to.LatitudeE7 + from.LatitudeE7);
        var (sinLongitude, cosLongitude) = SquaresOfHalf((long)to.LongitudeE7 - from.LongitudeE7);
        var haversine = (sinLatitude * cosLongitude) + (cosMiddle * sinLongitude);
        var rest = (cosLatitude * cosLongitude) + (sinMiddle * sinLongitude);
        return 2 * Radius * Angle(Math.Sqrt(haversine), Math.Sqrt(rest));
    }

    /// <summary>The squares of sine and cosine of half an angle, which is in degrees times 10^7.</summary>
    private static (double Sin, double Cos) SquaresOfHalf(long angle)
    {
        // The squares are the same for x, 180° − x and 180° + x, and change places for 90° − x: so x comes down to 45° in whole numbers.
        var units = Math.Abs(angle) % HalfTurn;
        units = Math.Min(units, HalfTurn - units);
        var isSteep = units > HalfTurn / 4;
        var x = (isSteep ? (HalfTurn / 2) - units : units) * RadiansPerUnit;
        var sin = Sin(x);
        var cos = Cos(x);
        return isSteep ? (cos * cos, sin * sin) : (sin * sin, cos * cos);
    }

    /// <summary>The Taylor series up to x¹⁷, for 0 to π/4; what is left out is below 10⁻¹⁹.</summary>
    private static double Sin(double x)
    {
        var square = x * x;
        var sum = 1.0;
        for (var n = 16; n > 0; n -= 2)
        {
            sum = 1 - (square / (n * (n + 1)) * sum);
        }

        return x * sum;
    }

    /// <summary>The Taylor series up to x¹⁸, for 0 to π/4; what is left out is below 10⁻²⁰.</summary>
    private static double Cos(double x)
    {
        var square = x * x;
        var sum = 1.0;
        for (var n = 17; n > 0; n -= 2)
        {
            sum = 1 - (square / (n * (n + 1)) * sum);
        }

        return sum;
    }

    /// <summary>The angle of a right-angled triangle's corner from its opposite and its adjacent side, neither negative and not both 0.</summary>
    private static double Angle(double opposite, double adjacent) =>
        opposite <= adjacent ? ArcTangent(opposite / adjacent) : (Math.PI / 2) - ArcTangent(adjacent / opposite);

    /// <summary>For 0 to 1: halved twice, atan x = 2 · atan(x / (1 + √(1 + x²))), then the series up to x²⁵; what is left out is below 10⁻²⁰.</summary>
    private static double ArcTangent(double x)
    {
        x /= 1 + Math.Sqrt(1 + (x * x));
        x /= 1 + Math.Sqrt(1 + (x * x));
        var square = x * x;
        var sum = 0.0;
        for (var n = 25; n > 0; n -= 2)
        {
            sum = (1.0 / n) - (square * sum);
        }

        return 4 * x * sum;
    }

    /// <summary>At most 20,016 km in a second: 10^11 thousandths.</summary>
    private static decimal Rounded(double value)
    {
        var thousandths = (long)((value * PerThousandth) + 0.5);
        return new decimal((int)thousandths, (int)(thousandths >> 32), 0, false, Decimals);
    }
}

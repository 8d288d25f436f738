using FraudEngine.Windows;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Windows;

public class GreatCircleTests
{
    /// <summary>A thousandth of a kilometre takes so many of degrees times 10^7 along a meridian, and a little less than half of the next.</summary>
    private const int HalfAMetreE7 = 44;

    /// <summary>The platform's sine of 180 degrees is not quite 0, so that it finds ways from a place to the same place by another name.</summary>
    private const double TenNanometres = 1e-11;

    /// <summary>Kilometres computed with 50 digits.</summary>
    public static TheoryData<int, int, int, int, double> References => new()
    {
        // Brussels – Paris, London – New York, Tokyo – Sydney, São Paulo – Singapore, Reykjavik – Auckland, Málaga – Auckland
        { 508503396, 43517103, 488566140, 23522219, 263.97767661602582165 },
        { 515073510, -1277583, 407127753, -740059728, 5570.2342602710342335 },
        { 356761919, 1396503106, -338688197, 1512092955, 7825.8304561531639087 },
        { -235557714, -466395571, 13520830, 1038198360, 15987.240324864245954 },
        { 641265210, -218174390, -368508827, 1747644881, 16786.127819533131859 },
        { 367212610, -44212655, -368508827, 1747644881, 19941.184535746929886 },

        // The smallest way there is
        { 0, 0, 0, 1, 0.000011119508023353291285 },
        { 0, 0, 1, 0, 0.000011119508023353291285 },
        { 508503396, 43517103, 508503397, 43517103, 0.000011119508023353291285 },

        // Opposite, and nearly so
        { 900000000, 0, -900000000, 0, 20015.114442035924312 },
        { 0, 0, 0, 1800000000, 20015.114442035924312 },
        { 450000000, -900000000, -450000000, 900000000, 20015.114442035924312 },
        { 0, 0, 1, 1799999999, 20015.114426310565259 },
        { 123456789, 0, -123456788, 1800000000, 20015.114430916416289 },

        // Over the date line, from a pole, over a pole
        { 0, 1799999999, 0, -1799999999, 0.000022239016046706582569 },
        { -180000000, 1785000000, -180000000, -1785000000, 317.25495536169537368 },
        { 900000000, 0, 0, 777777777, 10007.557221017962156 },
        { 600000000, 0, 600000000, 1800000000, 6671.7048140119747708 },

        // The same pole, and the same meridian, by two names
        { 900000000, 123, 900000000, -1700000000, 0 },
        { -900000000, 1800000000, -900000000, 0, 0 },
        { 100000000, 1800000000, 100000000, -1800000000, 0 },
        { 0, 0, 0, 0, 0 },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void A_distance_agrees_with_a_reference_of_many_digits(int latitude, int longitude, int otherLatitude, int otherLongitude, double kilometres)
    {
        GeoPosition from = new(latitude, longitude);
        GeoPosition to = new(otherLatitude, otherLongitude);
        Assert.InRange(GreatCircle.Kilometres(from, to), kilometres * (1 - 1e-14), kilometres * (1 + 1e-14));
        Assert.Equal(GreatCircle.Kilometres(from, to), GreatCircle.Kilometres(to, from));
        Assert.Equal(decimal.Round((decimal)kilometres, 3, MidpointRounding.AwayFromZero), GreatCircle.Distance(from, to));
    }

    /// <summary>Taken down once: another machine that gives other bits would decide differently.</summary>
    [Theory]
    [InlineData(508503396, 43517103, 488566140, 23522219, 4643351560590212690)]
    [InlineData(641265210, -218174390, -368508827, 1747644881, 4670343349636561574)]
    [InlineData(367212610, -44212655, -368508827, 1747644881, 4671210605023004032)]
    [InlineData(0, 0, 0, 1, 4532681424506783940)]
    public void A_distance_has_the_same_bits_everywhere(int latitude, int longitude, int otherLatitude, int otherLongitude, long bits) =>
        Assert.Equal(bits, BitConverter.DoubleToInt64Bits(GreatCircle.Kilometres(new(latitude, longitude), new(otherLatitude, otherLongitude))));

    [Fact]
    public void A_distance_agrees_with_the_platforms_own_functions()
    {
        var latitude = Gen.OneOf(
            Gen.Choose(-GeoPosition.LatitudeMax, GeoPosition.LatitudeMax),
            Gen.Choose(-3, 3),
            Gen.Elements(-GeoPosition.LatitudeMax, -450_000_000, 450_000_000, GeoPosition.LatitudeMax));
        var longitude = Gen.OneOf(
            Gen.Choose(-GeoPosition.LongitudeMax, GeoPosition.LongitudeMax),
            Gen.Choose(-3, 3),
            Gen.Elements(-GeoPosition.LongitudeMax, -900_000_000, 900_000_000, GeoPosition.LongitudeMax));
        var pairs = from a in latitude
                    from b in longitude
                    from isNear in Gen.Elements(true, false)
                    from c in isNear ? Gen.Choose(-1_000, 1_000).Select(step => Math.Clamp(a + step, -GeoPosition.LatitudeMax, GeoPosition.LatitudeMax)) : latitude
                    from d in isNear ? Gen.Choose(-1_000, 1_000).Select(step => Math.Clamp(b + step, -GeoPosition.LongitudeMax, GeoPosition.LongitudeMax)) : longitude
                    select (From: new GeoPosition(a, b), To: new GeoPosition(c, d));
        Prop.ForAll(pairs.ToArbitrary(), pair =>
        {
            var expected = ByPlatform(pair.From, pair.To);
            Assert.InRange(GreatCircle.Kilometres(pair.From, pair.To), (expected * (1 - 1e-9)) - TenNanometres, (expected * (1 + 1e-9)) + TenNanometres);
        }).Check(Property.Runs(20_000));
    }

    [Theory]
    [InlineData(HalfAMetreE7, "0.000")]
    [InlineData(HalfAMetreE7 + 1, "0.001")]
    [InlineData(3 * HalfAMetreE7, "0.001")]
    [InlineData((3 * HalfAMetreE7) + 3, "0.002")]
    public void A_distance_is_rounded_to_metres(int latitude, string kilometres) =>
        Assert.Equal(kilometres, GreatCircle.Distance(new(0, 0), new(latitude, 0)).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(0, "950319.636")]
    [InlineData(1, "950319.636")]
    [InlineData(TimeSpan.TicksPerSecond - 1, "950319.636")]
    [InlineData(TimeSpan.TicksPerSecond, "950319.636")]
    [InlineData(TimeSpan.TicksPerSecond + 1, "950319.541")]
    [InlineData(TimeSpan.TicksPerHour, "263.978")]
    [InlineData(long.MaxValue, "0.000")]
    public void A_speed_counts_less_than_a_second_as_one(long ticks, string speed) =>
        Assert.Equal(
            speed,
            GreatCircle.Speed(new(508503396, 43517103), new(488566140, 23522219), ticks).ToString(System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void The_fastest_way_has_a_speed() =>
        Assert.Equal(72_054_411.991m, GreatCircle.Speed(new(900000000, 0), new(-900000000, 0), 0));

    /// <summary>The haversine formula below a quarter of the globe; above it, where that loses digits, the one by the angle between two vectors.</summary>
    private static double ByPlatform(GeoPosition from, GeoPosition to)
    {
        const double radius = 6371.0088;
        var sinLatitude = Math.Sin(Radians((long)to.LatitudeE7 - from.LatitudeE7) / 2);
        var sinLongitude = Math.Sin(Radians((long)to.LongitudeE7 - from.LongitudeE7) / 2);
        var (sinFrom, cosFrom) = Math.SinCos(Radians(from.LatitudeE7));
        var (sinTo, cosTo) = Math.SinCos(Radians(to.LatitudeE7));
        var haversine = (sinLatitude * sinLatitude) + (cosFrom * cosTo * sinLongitude * sinLongitude);
        if (haversine < 0.5)
        {
            return 2 * radius * Math.Asin(Math.Sqrt(haversine));
        }

        var (sin, cos) = Math.SinCos(Radians((long)to.LongitudeE7 - from.LongitudeE7));
        var across = Math.Sqrt(Math.Pow(cosTo * sin, 2) + Math.Pow((cosFrom * sinTo) - (sinFrom * cosTo * cos), 2));
        return radius * Math.Atan2(across, (sinFrom * sinTo) + (cosFrom * cosTo * cos));
    }

    private static double Radians(long e7) => e7 / 1e7 * Math.PI / 180;
}

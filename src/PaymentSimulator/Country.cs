namespace PaymentSimulator;

/// <summary>A country that customers live in and travel to: its codes, the middle of where people live, and how far around it, in degrees.</summary>
internal sealed record Country(string Code, string Currency, double Latitude, double Longitude, double Spread)
{
    private const double LatitudeMax = 85;

    /// <summary>The most populous first; spread over the time zones, so that some customers are always awake.</summary>
    public static readonly Country[] All =
    [
        new("DE", "EUR", 50.9, 9.9, 1.6), new("US", "USD", 39.8, -86.2, 4.0), new("GB", "GBP", 52.4, -1.5, 1.2), new("IN", "INR", 21.0, 78.0, 4.0),
        new("FR", "EUR", 47.3, 2.4, 1.8), new("BR", "BRL", -21.5, -46.5, 3.0), new("AU", "AUD", -34.5, 147.5, 2.0), new("IT", "EUR", 43.6, 11.6, 1.6),
        new("ES", "EUR", 40.2, -3.6, 1.8), new("CA", "CAD", 44.6, -78.5, 2.0), new("PL", "PLN", 51.8, 19.4, 1.5), new("MX", "MXN", 20.2, -100.0, 2.0),
        new("NL", "EUR", 52.1, 5.1, 0.5), new("ZA", "ZAR", -27.0, 27.8, 1.8), new("SG", "SGD", 1.35, 103.8, 0.1), new("CH", "CHF", 47.1, 8.0, 0.5),
        new("SE", "SEK", 58.9, 15.4, 1.5), new("PT", "EUR", 40.1, -8.4, 0.9), new("NZ", "NZD", -39.5, 175.4, 1.2), new("AT", "EUR", 47.7, 14.3, 0.8),
    ];

    /// <summary>A place where somebody lives or sells, in ten-thousandths of a degree.</summary>
    public Position SomePlace(RandomSequence random) => new(
        (int)(Math.Clamp(Latitude + (Spread * random.Normal()), -LatitudeMax, LatitudeMax) * 10_000),
        (int)(Math.Clamp(Longitude + (Spread * random.Normal()), -180, 180) * 10_000));
}

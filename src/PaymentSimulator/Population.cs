using System.Globalization;

namespace PaymentSimulator;

/// <summary>Makes the customers, each with habits of their own.</summary>
internal static class Population
{
    private const double PaymentsPerDayMean = 2;
    private const double DaysBetweenTravels = 90;

    /// <summary>Customers whose payments a day sum up to the settings' rate, less the share that thieves make.</summary>
    public static Customer[] Build(SimulationSettings settings, double stolenShare, TerminalMap terminals, RandomSequence random)
    {
        var customers = new Customer[settings.Customers];
        for (var i = 0; i < customers.Length; i++)
        {
            customers[i] = BuildOne(i, settings.Start.UtcTicks, terminals, random);
        }

        var perDay = settings.PaymentsPerSecond * 86_400 ?? PaymentsPerDayMean * customers.Length;
        var scale = perDay * (1 - stolenShare) / customers.Sum(customer => customer.PaymentsPerDay);
        foreach (var customer in customers)
        {
            customer.PaymentsPerDay *= scale;
        }

        return customers;
    }

    /// <summary>An address that belongs to a country: its second byte says which.</summary>
    public static uint SomeIpAddress(int country, RandomSequence random) => (10u << 24) | ((uint)(country + 1) << 16) | (uint)(1 + random.Below(65_534));

    public static string SomeDevice(RandomSequence random) => "d" + ((uint)random.Next()).ToString("x8", CultureInfo.InvariantCulture);

    public static long SomeDaysUntilTravel(RandomSequence random) => (long)(random.Exponential() * DaysBetweenTravels * TimeSpan.TicksPerDay);

    private static Customer BuildOne(int index, long startTicks, TerminalMap terminals, RandomSequence random)
    {
        var country = terminals.SomeCountry(random);
        var home = Country.All[country].SomePlace(random);
        return new Customer
        {
            AccountId = string.Create(CultureInfo.InvariantCulture, $"A{index:D7}"),
            HomeCountry = country,
            Rhythm = DayRhythm.All[random.Below(10) switch { < 6 => 0, < 9 => 1, _ => 2 }],
            ZoneTicks = home.LongitudeE4 / 150_000 * TimeSpan.TicksPerHour,
            PaymentsPerDay = Math.Clamp(Math.Exp(0.6 * random.Normal()), 0.1, 8),
            MeanAmountCents = Math.Clamp(3_500 * Math.Exp(0.5 * random.Normal()), 500, 30_000),
            AmountSpread = random.Between(0.3, 0.7),
            OnlineShare = random.Between(0.05, 0.5),
            TransferShare = random.Between(0, 0.08),
            Nearby = terminals.Near(home, country, 5 + random.Below(8), random),
            OnlineShops = [terminals.SomeOnline(random), terminals.SomeOnline(random), terminals.SomeOnline(random)],
            DeviceId = SomeDevice(random),
            HomeIpAddress = SomeIpAddress(country, random),
            NextTravelTicks = startTicks + SomeDaysUntilTravel(random),
        };
    }
}

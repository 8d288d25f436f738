namespace PaymentSimulator;

/// <summary>Draws what a payment is: where, how and how much, given who pays and when.</summary>
internal sealed class PaymentDraw(
    string idPrefix, TerminalMap terminals, Customer[] customers, double highAmountShare, double compromisedShare, RandomSequence random)
{
    private const double FavouriteChance = 0.95;
    private const double NewDeviceChance = 0.002;
    private const double MobileIpChance = 0.2;

    private long _number;

    /// <summary>A payment that the customer makes, which may be one at a compromised terminal or one of a far too high amount.</summary>
    public SimulatedPayment OfCustomer(Customer customer, long ticks)
    {
        var country = CountryOf(customer, ticks);
        var kind = random.Uniform();
        if (kind < customer.TransferShare)
        {
            return OfTransfer(customer, country, ticks);
        }

        var isOnline = kind < customer.TransferShare + customer.OnlineShare;
        var terminal = isOnline ? OnlineShop(customer) : Shop(customer, country);
        var scenario = FraudScenario.None;
        var amount = Amount(customer, terminal.Trade.AmountFactor);
        if (terminal.IsCompromised(ticks, compromisedShare, random))
        {
            scenario = FraudScenario.CompromisedTerminal;
        }
        else if (random.Chance(highAmountShare))
        {
            scenario = FraudScenario.HighAmount;
            amount = (long)(Math.Max(amount, customer.MeanAmountCents) * random.Between(5, 15));
        }

        if (terminal.Channel == PaymentChannel.Atm)
        {
            amount = Math.Max(1_000, amount / 1_000 * 1_000);
        }

        return isOnline
            ? Online(customer, terminal, country, customer.DeviceId, Address(customer, country), amount, scenario, ticks)
            : Local(customer, terminal, amount, scenario, ticks);
    }

    /// <summary>The next payment of a burst.</summary>
    public SimulatedPayment OfThief(Customer customer, CredentialBurst burst, long ticks) => Online(
        customer, terminals.SomeOnline(random), burst.Country, burst.DeviceId, burst.IpAddress,
        burst.NextAmountCents(customer.MeanAmountCents, random), FraudScenario.StolenCredentials, ticks);

    /// <summary>Somebody elsewhere gets hold of the customer's credentials.</summary>
    public CredentialBurst Burst(Customer customer)
    {
        var country = (customer.HomeCountry + 1 + random.Below(Math.Max(1, terminals.CountryCount - 1))) % terminals.CountryCount;
        return new CredentialBurst(country, Population.SomeDevice(random), Population.SomeIpAddress(country, random), random);
    }

    private int CountryOf(Customer customer, long ticks)
    {
        if (ticks >= customer.NextTravelTicks)
        {
            customer.TravelCountry = terminals.SomeCountry(random);
            customer.TravelsUntilTicks = ticks + (long)(random.Between(3, 14) * TimeSpan.TicksPerDay);
            customer.NextTravelTicks = customer.TravelsUntilTicks + Population.SomeDaysUntilTravel(random);
        }

        return ticks < customer.TravelsUntilTicks ? customer.TravelCountry : customer.HomeCountry;
    }

    private Terminal Shop(Customer customer, int country) =>
        country == customer.HomeCountry && random.Chance(FavouriteChance) ? customer.Nearby[random.Below(customer.Nearby.Length)] : terminals.SomeIn(country, random);

    private Terminal OnlineShop(Customer customer)
    {
        if (random.Chance(NewDeviceChance))
        {
            customer.DeviceId = Population.SomeDevice(random);
        }

        return random.Chance(FavouriteChance) ? customer.OnlineShops[random.Below(customer.OnlineShops.Length)] : terminals.SomeOnline(random);
    }

    private uint Address(Customer customer, int country) =>
        country != customer.HomeCountry || random.Chance(MobileIpChance) ? Population.SomeIpAddress(country, random) : customer.HomeIpAddress;

    private long Amount(Customer customer, double factor) =>
        Math.Max(1, (long)(customer.MeanAmountCents * factor * Math.Exp(customer.AmountSpread * random.Normal())));

    private SimulatedPayment OfTransfer(Customer customer, int country, long ticks)
    {
        var isFraud = random.Chance(highAmountShare);
        var amount = Amount(customer, factor: 3) * (isFraud ? 10 : 1);
        return Payment(customer, PaymentChannel.Transfer, country, amount, isFraud ? FraudScenario.HighAmount : FraudScenario.None, ticks) with
        {
            CounterpartyId = customers[random.Below(customers.Length)].AccountId,
            DeviceId = customer.DeviceId,
            IpAddress = Address(customer, country),
        };
    }

    private SimulatedPayment Online(
        Customer customer, Terminal shop, int country, string deviceId, uint ipAddress, long amountCents, FraudScenario scenario, long ticks) =>
        At(shop, Payment(customer, PaymentChannel.Online, country, amountCents, scenario, ticks)) with
        {
            DeviceId = deviceId,
            IpAddress = ipAddress,
        };

    private SimulatedPayment Local(Customer customer, Terminal terminal, long amountCents, FraudScenario scenario, long ticks) =>
        At(terminal, Payment(customer, terminal.Channel, terminal.Country, amountCents, scenario, ticks)) with
        {
            HasPosition = true,
            LatitudeE4 = terminal.Position.LatitudeE4,
            LongitudeE4 = terminal.Position.LongitudeE4,
        };

    private static SimulatedPayment At(Terminal terminal, in SimulatedPayment payment) => payment with
    {
        MerchantId = terminal.MerchantId,
        TerminalId = terminal.Id,
        MerchantCategory = terminal.Trade.Category,
    };

    private SimulatedPayment Payment(Customer customer, PaymentChannel channel, int country, long amountCents, FraudScenario scenario, long ticks) => new()
    {
        Number = ++_number,
        IdPrefix = idPrefix,
        AccountId = customer.AccountId,
        TimestampTicks = ticks,
        AmountCents = amountCents,
        Currency = Country.All[customer.HomeCountry].Currency,
        Channel = channel,
        Country = Country.All[country].Code,
        Scenario = scenario,
    };
}

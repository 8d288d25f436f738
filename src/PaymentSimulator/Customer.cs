namespace PaymentSimulator;

/// <summary>A customer: habits that stay, and where they are now.</summary>
internal sealed class Customer
{
    public required string AccountId { get; init; }

    public required int HomeCountry { get; init; }

    public required DayRhythm Rhythm { get; init; }

    /// <summary>Local time less UTC.</summary>
    public required long ZoneTicks { get; init; }

    /// <summary>Relative at first, in payments a day once the whole population is known.</summary>
    public required double PaymentsPerDay { get; set; }

    public required double MeanAmountCents { get; init; }

    /// <summary>Standard deviation of the amount's logarithm.</summary>
    public required double AmountSpread { get; init; }

    public required double OnlineShare { get; init; }

    public required double TransferShare { get; init; }

    public required Terminal[] Nearby { get; init; }

    public required Terminal[] OnlineShops { get; init; }

    public required string DeviceId { get; set; }

    public required uint HomeIpAddress { get; init; }

    /// <summary>Where they are while <see cref="TravelsUntilTicks"/> lies ahead.</summary>
    public int TravelCountry { get; set; }

    public long TravelsUntilTicks { get; set; }

    public required long NextTravelTicks { get; set; }

    /// <summary>What a thief still does with their credentials, if somebody has them.</summary>
    public CredentialBurst? Burst { get; set; }
}

using System.Globalization;

namespace PaymentSimulator;

/// <summary>One payment with what the bank would see of it, and, apart from that, the truth about it.</summary>
public readonly record struct SimulatedPayment
{
    /// <summary>Counts the simulation's payments from 1.</summary>
    public required long Number { get; init; }

    /// <summary>The same for all payments of a simulation, another for other settings, so that ids of two simulations don't meet.</summary>
    public required string IdPrefix { get; init; }

    public required string AccountId { get; init; }

    /// <summary>Event time, UTC, in whole milliseconds.</summary>
    public required long TimestampTicks { get; init; }

    /// <summary>In hundredths of the currency's unit.</summary>
    public required long AmountCents { get; init; }

    /// <summary>The account's currency, wherever the payment is made.</summary>
    public required string Currency { get; init; }

    public required PaymentChannel Channel { get; init; }

    /// <summary>Where the payment is made: the terminal's country, or the one of the IP address.</summary>
    public required string Country { get; init; }

    public string? MerchantId { get; init; }

    public string? TerminalId { get; init; }

    public string? MerchantCategory { get; init; }

    public string? DeviceId { get; init; }

    public string? CounterpartyId { get; init; }

    /// <summary>IPv4, or 0 for none. From 10.0.0.0/8, which is nobody's.</summary>
    public uint IpAddress { get; init; }

    public bool HasPosition { get; init; }

    /// <summary>Ten-thousandths of a degree.</summary>
    public int LatitudeE4 { get; init; }

    /// <summary>Ten-thousandths of a degree.</summary>
    public int LongitudeE4 { get; init; }

    /// <summary>The truth; never part of what is sent.</summary>
    public FraudScenario Scenario { get; init; }

    public bool IsFraud => Scenario != FraudScenario.None;

    public string TransactionId => string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}-{Number}");

    public DateTimeOffset Timestamp => new(TimestampTicks, TimeSpan.Zero);
}

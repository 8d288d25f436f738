namespace PaymentSimulator;

/// <summary>What to simulate. The same settings give the same payments, byte for byte.</summary>
public sealed record SimulationSettings
{
    /// <summary>An upper bound on memory: a customer takes about 300 bytes.</summary>
    public const int CustomersMax = 10_000_000;

    public const int TerminalsMin = 10;

    public const int TerminalsMax = 10_000_000;

    /// <summary>Above this, fraud would no longer be the exception that the scenarios assume.</summary>
    public const double FraudShareMax = 0.5;

    public int Seed { get; init; } = 1;

    public int Customers { get; init; } = 5_000;

    /// <summary>Shops' terminals, cash machines and online shops together.</summary>
    public int Terminals { get; init; } = 2_000;

    /// <summary>The event time at which the simulation begins.</summary>
    public DateTimeOffset Start { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The mean over a day, per second of event time; without it, customers pay twice a day on average.</summary>
    public double? PaymentsPerSecond { get; init; }

    /// <summary>The expected share of fraudulent payments: a tenth high amounts, half compromised terminals, the rest stolen credentials.</summary>
    public double FraudShare { get; init; } = 0.01;

    /// <summary>Throws with the option, its value and its bounds where one is out of them.</summary>
    internal void Check()
    {
        CheckRange(nameof(Customers), Customers, 1, CustomersMax);
        CheckRange(nameof(Terminals), Terminals, TerminalsMin, TerminalsMax);
        CheckRange(nameof(FraudShare), FraudShare, 0, FraudShareMax);
        CheckRange(nameof(PaymentsPerSecond), PaymentsPerSecond ?? 1, 1e-6, 1e9);
    }

    private static void CheckRange(string option, double value, double min, double max)
    {
        if (!(value >= min && value <= max))
        {
            throw new ArgumentOutOfRangeException(option, FormattableString.Invariant($"{option} is {value}; it must lie between {min} and {max}."));
        }
    }
}

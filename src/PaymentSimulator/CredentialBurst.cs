namespace PaymentSimulator;

/// <summary>Somebody pays online with stolen credentials: small amounts first to test them, then large ones, within hours.</summary>
internal sealed class CredentialBurst
{
    /// <summary>The mean number of payments in a burst: 2 to 5 tests and 3 to 8 purchases.</summary>
    public const double PaymentsMean = 9;

    private int _testsLeft;
    private int _purchasesLeft;

    public CredentialBurst(int country, string deviceId, uint ipAddress, RandomSequence random)
    {
        Country = country;
        DeviceId = deviceId;
        IpAddress = ipAddress;
        _testsLeft = 2 + random.Below(4);
        _purchasesLeft = 3 + random.Below(6);
    }

    public int Country { get; }

    public string DeviceId { get; }

    public uint IpAddress { get; }

    public bool IsOver => _testsLeft + _purchasesLeft == 0;

    /// <summary>The next payment's amount. Not to be called when the burst is over.</summary>
    public long NextAmountCents(double customersMeanCents, RandomSequence random)
    {
        if (_testsLeft > 0)
        {
            _testsLeft--;
            return 50 + random.Below(250);
        }

        _purchasesLeft--;
        return (long)(customersMeanCents * random.Between(2, 6)) + 1_000;
    }

    /// <summary>How long the thief waits before the next payment, in ticks.</summary>
    public long NextGapTicks(RandomSequence random)
    {
        var seconds = _testsLeft > 0 ? random.Between(5, 60) : random.Between(20, 240);
        return (long)(seconds * 1000) * TimeSpan.TicksPerMillisecond;
    }
}

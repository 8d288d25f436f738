namespace PaymentSimulator;

/// <summary>A place to pay: a shop's terminal, a cash machine or an online shop. Now and then it is compromised for some days.</summary>
internal sealed class Terminal(string id, string merchantId, Trade trade, PaymentChannel channel, int country, Position position)
{
    private const double CompromisedDaysMin = 2;
    private const double CompromisedDaysMax = 10;
    private const double CompromisedDaysMean = (CompromisedDaysMin + CompromisedDaysMax) / 2;

    private bool _isCompromised;
    private long _changesAtTicks = long.MaxValue;

    public string Id { get; } = id;

    public string MerchantId { get; } = merchantId;

    public Trade Trade { get; } = trade;

    public PaymentChannel Channel { get; } = channel;

    /// <summary>Index into <see cref="PaymentSimulator.Country.All"/>.</summary>
    public int Country { get; } = country;

    public Position Position { get; } = position;

    /// <summary>Begins in the steady state, somewhere within a compromised period or a healthy one.</summary>
    public void Begin(long startTicks, bool isCompromised, double share, RandomSequence random)
    {
        if (share > 0)
        {
            // What is left of a healthy period is distributed as a whole one (it is exponential); of a compromised one, some part is.
            _isCompromised = isCompromised;
            _changesAtTicks = startTicks + (long)(SomePeriod(share, random) * (isCompromised ? random.Uniform() : 1));
        }
    }

    /// <summary>Whether it is compromised at <paramref name="ticks"/>, which never goes back.</summary>
    public bool IsCompromised(long ticks, double share, RandomSequence random)
    {
        while (ticks >= _changesAtTicks)
        {
            _isCompromised = !_isCompromised;
            _changesAtTicks += SomePeriod(share, random);
        }

        return _isCompromised;
    }

    private long SomePeriod(double share, RandomSequence random)
    {
        var days = _isCompromised
            ? random.Between(CompromisedDaysMin, CompromisedDaysMax)
            : random.Exponential() * CompromisedDaysMean * (1 - share) / share;
        return (long)(Math.Min(days, 100_000) * TimeSpan.TicksPerDay);
    }
}

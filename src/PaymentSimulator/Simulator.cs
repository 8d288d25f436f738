namespace PaymentSimulator;

/// <summary>
/// An endless stream of realistic payments in the order of event time: customers with habits, and three kinds of fraud among them.
/// Same settings, same payments. Memory is bounded by the numbers of customers and terminals. Not thread-safe.
/// </summary>
public sealed class Simulator
{
    private const double HighAmountPart = 0.1;
    private const double CompromisedPart = 0.5;

    private readonly Customer[] _customers;
    private readonly PaymentDraw _draw;
    private readonly RandomSequence _random;
    private readonly double _burstChance;

    // A customer's own next payment is queued by the customer's index i; a thief's next one, with that customer's credentials, by ~i.
    private readonly PriorityQueue<int, long> _next;

    public Simulator(SimulationSettings settings)
    {
        settings.Check();
        _random = new RandomSequence((ulong)settings.Seed);
        var highAmountShare = settings.FraudShare * HighAmountPart;
        var compromisedShare = settings.FraudShare * CompromisedPart;
        var stolenShare = settings.FraudShare - highAmountShare - compromisedShare;
        _burstChance = stolenShare / (1 - stolenShare) / CredentialBurst.PaymentsMean;
        var terminals = new TerminalMap(settings, compromisedShare, _random);
        _customers = Population.Build(settings, stolenShare, terminals, _random);
        _draw = new PaymentDraw(IdPrefixOf(settings), terminals, _customers, highAmountShare, compromisedShare, _random);
        _next = new PriorityQueue<int, long>(_customers.Length);
        for (var i = 0; i < _customers.Length; i++)
        {
            _next.Enqueue(i, NextTime(_customers[i], settings.Start.UtcTicks));
        }
    }

    /// <summary>The next payment. Event times never go back.</summary>
    public SimulatedPayment Next()
    {
        _next.TryPeek(out var who, out var ticks);
        return who >= 0 ? NextOfCustomer(who, ticks) : NextOfThief(~who, ticks);
    }

    private SimulatedPayment NextOfCustomer(int index, long ticks)
    {
        var customer = _customers[index];
        _next.DequeueEnqueue(index, NextTime(customer, ticks));
        if (customer.Burst is null && _random.Chance(_burstChance))
        {
            customer.Burst = _draw.Burst(customer);
            _next.Enqueue(~index, ticks + customer.Burst.NextGapTicks(_random));
        }

        return _draw.OfCustomer(customer, ticks);
    }

    private SimulatedPayment NextOfThief(int index, long ticks)
    {
        var customer = _customers[index];
        var burst = customer.Burst!;
        var payment = _draw.OfThief(customer, burst, ticks);
        if (burst.IsOver)
        {
            customer.Burst = null;
            _next.Dequeue();
        }
        else
        {
            _next.DequeueEnqueue(~index, ticks + burst.NextGapTicks(_random));
        }

        return payment;
    }

    private long NextTime(Customer customer, long ticks) => customer.Rhythm.After(ticks, _random.Exponential() / customer.PaymentsPerDay, customer.ZoneTicks);

    private static string IdPrefixOf(SimulationSettings settings)
    {
        var hash = new RandomSequence((ulong)settings.Seed).Next();
        ReadOnlySpan<long> parts =
        [
            settings.Customers, settings.Terminals, settings.Start.UtcTicks,
            BitConverter.DoubleToInt64Bits(settings.PaymentsPerSecond ?? 0), BitConverter.DoubleToInt64Bits(settings.FraudShare),
        ];
        foreach (var part in parts)
        {
            hash = new RandomSequence(hash ^ (ulong)part).Next();
        }

        return "s" + ((uint)hash).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}

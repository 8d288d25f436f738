using System.Buffers;
using PaymentSimulator;

namespace FraudEngine.Tests.PaymentSimulator;

public class SimulatorTests
{
    private static readonly SimulationSettings Small = new() { Customers = 500, Terminals = 400, Seed = 7 };

    [Fact]
    public void The_same_settings_give_the_same_bytes() => Assert.Equal(Bytes(Small, 20_000), Bytes(Small, 20_000));

    [Fact]
    public void Another_seed_gives_other_payments_with_other_ids()
    {
        var (one, other) = (new Simulator(Small), new Simulator(Small with { Seed = 8 }));

        for (var i = 0; i < 100; i++)
        {
            Assert.NotEqual(one.Next().TransactionId, other.Next().TransactionId);
        }
    }

    [Fact]
    public void Event_time_starts_with_the_settings_and_never_goes_back()
    {
        var simulator = new Simulator(Small);
        var last = Small.Start.UtcTicks;

        for (var i = 0; i < 50_000; i++)
        {
            var payment = simulator.Next();
            Assert.Equal(i + 1, payment.Number);
            Assert.True(payment.TimestampTicks >= last);
            last = payment.TimestampTicks;
        }
    }

    [Theory]
    [InlineData(null, 2 * 5_000 * 20)]
    [InlineData(0.5, 43_200 * 20)]
    public void The_mean_rate_is_the_settings(double? perSecond, int expectedIn20Days)
    {
        var simulator = new Simulator(new SimulationSettings { PaymentsPerSecond = perSecond });
        var end = new SimulationSettings().Start.AddDays(20).UtcTicks;
        var count = 0;
        while (simulator.Next().TimestampTicks < end)
        {
            count++;
        }

        Assert.InRange(count, expectedIn20Days * 0.95, expectedIn20Days * 1.05);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    public void Each_scenario_has_about_its_share(double share)
    {
        const int count = 400_000;
        var byScenario = Take(new SimulationSettings { FraudShare = share }, count).CountBy(payment => payment.Scenario).ToDictionary();

        Assert.InRange(byScenario[FraudScenario.HighAmount] / (count * share), 0.05, 0.15);
        Assert.InRange(byScenario[FraudScenario.CompromisedTerminal] / (count * share), 0.3, 0.75);
        Assert.InRange(byScenario[FraudScenario.StolenCredentials] / (count * share), 0.3, 0.5);
    }

    [Fact]
    public void Without_a_fraud_share_there_is_none() =>
        Assert.All(Take(Small with { FraudShare = 0 }, 20_000), payment => Assert.False(payment.IsFraud));

    [Fact]
    public void A_compromised_terminal_has_no_honest_payment_for_days()
    {
        var byTerminal = Take(Small with { FraudShare = 0.1 }, 60_000).Where(payment => payment.TerminalId is not null)
            .GroupBy(payment => payment.TerminalId)
            .Select(payments => payments.SkipWhile(payment => payment.Scenario != FraudScenario.CompromisedTerminal).Take(5).ToList())
            .Where(payments => payments.Count == 5)
            .ToList();

        Assert.NotEmpty(byTerminal);
        Assert.All(byTerminal.Where(payments => payments[^1].Timestamp - payments[0].Timestamp < TimeSpan.FromHours(12)).Take(20), payments =>
            Assert.Contains(payments.Skip(1), payment => payment.IsFraud));
    }

    [Fact]
    public void Stolen_credentials_are_tested_with_small_amounts_and_then_used_from_a_foreign_device()
    {
        var byDevice = Take(Small with { FraudShare = 0.02 }, 60_000).Where(payment => payment.Scenario == FraudScenario.StolenCredentials)
            .GroupBy(payment => payment.DeviceId)
            .Select(payments => payments.ToList())
            .Where(payments => payments.Count >= 5)
            .ToList();

        Assert.NotEmpty(byDevice);
        Assert.All(byDevice, burst =>
        {
            Assert.Single(burst.Select(payment => payment.AccountId).Distinct());
            Assert.Single(burst.Select(payment => payment.Country).Distinct());
            Assert.All(burst, payment => Assert.Equal(PaymentChannel.Online, payment.Channel));
            Assert.True(burst[0].AmountCents < 300 && burst[1].AmountCents < 300);
            Assert.True(burst[^1].Timestamp - burst[0].Timestamp < TimeSpan.FromHours(1));
        });
    }

    [Fact]
    public void Customers_mostly_pay_at_home()
    {
        var shares = Take(Small with { FraudShare = 0 }, 60_000).GroupBy(payment => payment.AccountId)
            .Where(payments => payments.Count() >= 50)
            .Select(payments => payments.CountBy(payment => payment.Country).Max(country => country.Value) / (double)payments.Count())
            .ToList();

        Assert.InRange(shares.Average(), 0.75, 0.999);
    }

    [Fact]
    public void A_setting_out_of_bounds_is_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new Simulator(new SimulationSettings { Terminals = 9 }));

        Assert.Contains("Terminals is 9; it must lie between 10 and", error.Message);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(3, 11)]
    [InlineData(20_000, 10)]
    public void The_smallest_worlds_work(int customers, int terminals) =>
        Assert.Equal(1_000, Take(new SimulationSettings { Customers = customers, Terminals = terminals, FraudShare = 0.5 }, 1_000).Count);

    private static List<SimulatedPayment> Take(SimulationSettings settings, int count)
    {
        var simulator = new Simulator(settings);
        return [.. Enumerable.Range(0, count).Select(_ => simulator.Next())];
    }

    private static byte[] Bytes(SimulationSettings settings, int count)
    {
        var lines = new ArrayBufferWriter<byte>();
        foreach (var payment in Take(settings, count))
        {
            PaymentJson.Write(payment, lines);
        }

        return lines.WrittenSpan.ToArray();
    }
}

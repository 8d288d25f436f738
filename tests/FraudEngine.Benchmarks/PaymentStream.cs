using System.Globalization;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using PaymentSimulator;

namespace FraudEngine.Benchmarks;

/// <summary>Simulated payments, lap after lap: each lap is the same payments, later by a lap's length, so that histories stay as long as they are.</summary>
internal sealed class PaymentStream
{
    // Each customer pays about twice a day: 10 days a lap, some 60 to 100 payments in a history of a month.
    public const int Payments = 50_000;
    public const int Customers = 2_000;
    private const int LapDays = 10;
    private const int WarmUpLaps = 4;

    private readonly (int Account, TransactionDecided Decided)[] _payments = new (int, TransactionDecided)[Payments];
    private readonly int _accounts;

    public PaymentStream()
    {
        var simulator = new Simulator(new SimulationSettings { Customers = Customers, Terminals = Customers / 2, PaymentsPerSecond = (double)Payments / (LapDays * 86_400) });
        var builder = new TransactionBuilder();
        var numbers = new Dictionary<string, int>();
        for (var i = 0; i < Payments; i++)
        {
            var payment = simulator.Next();
            var decided = new TransactionDecided { IdHash = (ulong)payment.Number * 0x9E3779B97F4A7C15 };
            Fill(builder, decided.Transaction, payment);
            if (!numbers.TryGetValue(payment.AccountId, out var account))
            {
                numbers[payment.AccountId] = account = numbers.Count;
            }

            _payments[i] = (account, decided);
        }

        _accounts = numbers.Count;
    }

    public ReadOnlySpan<(int Account, TransactionDecided Decided)> All => _payments;

    /// <summary>Makes the payments those of the next lap.</summary>
    public void NextLap()
    {
        foreach (var (_, decided) in _payments)
        {
            decided.Transaction.TimestampTicks += LapDays * TimeSpan.TicksPerDay;
        }
    }

    /// <summary>The accounts after some laps.</summary>
    public AccountState[] Warm(FraudEngine.Windows.WindowPlan plan)
    {
        var states = new AccountState[_accounts];
        for (var i = 0; i < _accounts; i++)
        {
            states[i] = new AccountState(plan);
        }

        for (var lap = 0; lap < WarmUpLaps; lap++)
        {
            foreach (var (account, decided) in _payments)
            {
                decided.Sequence = states[account].Sequence + 1;
                AccountMachine.Evolve(states[account], decided);
            }

            NextLap();
        }

        return states;
    }

    private static void Fill(TransactionBuilder builder, Transaction transaction, in SimulatedPayment payment)
    {
        builder.Start(transaction);
        Set(builder, TransactionField.TransactionId, payment.TransactionId);
        Set(builder, TransactionField.AccountId, payment.AccountId);
        Set(builder, TransactionField.Timestamp, TimestampText.Format(payment.TimestampTicks));
        Set(builder, TransactionField.Currency, payment.Currency);
        Set(builder, TransactionField.Channel, payment.Channel.ToString().ToLowerInvariant());
        Set(builder, TransactionField.Country, payment.Country);
        Set(builder, TransactionField.MerchantId, payment.MerchantId);
        Set(builder, TransactionField.TerminalId, payment.TerminalId);
        Set(builder, TransactionField.MerchantCategory, payment.MerchantCategory);
        Set(builder, TransactionField.DeviceId, payment.DeviceId);
        Set(builder, TransactionField.CounterpartyId, payment.CounterpartyId);
        Check(builder.SetNumber(TransactionField.Amount, Encoding.ASCII.GetBytes((payment.AmountCents / 100m).ToString(CultureInfo.InvariantCulture))));
        builder.Finish("EUR"u8);
    }

    private static void Set(TransactionBuilder builder, TransactionField field, string? text)
    {
        if (text is not null)
        {
            Check(builder.SetText(field, Encoding.UTF8.GetBytes(text)));
        }
    }

    private static void Check(FieldProblem problem)
    {
        if (problem != FieldProblem.None)
        {
            throw new InvalidDataException($"A simulated payment has a field that is wrong: {problem}.");
        }
    }
}

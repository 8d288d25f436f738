using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using FraudEngine.Domain;
using FraudEngine.Entities;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;
using PaymentSimulator;

namespace FraudEngine.Hosting;

/// <summary>
/// What a rule set costs per transaction on this machine: measured by deciding simulated payments of accounts that have a history, with the engine's own machine
/// on one thread. Takes about a second.
/// </summary>
/// <param name="Decisions">How many were measured.</param>
/// <param name="Microseconds">Per transaction, in all: windows, rules, features, and remembering it.</param>
/// <param name="RuleMicroseconds">Of them, by rule. A window that several rules ask counts for the first of them.</param>
internal sealed record RuleCosts(int Decisions, int Accounts, double Microseconds, ImmutableArray<double> RuleMicroseconds)
{
    private const int Customers = 1_000;
    private const int History = 30_000;
    private const int Measured = 10_000;
    private const int Stride = 200;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    public static RuleCosts Measure(RuleSet rules)
    {
        var payments = Simulate(out var accounts);
        var machine = new AccountMachine(rules, 1, NamedLists.Empty);
        RunMachine(rules, payments, accounts, machine, WarmUp, out _);
        var microseconds = RunMachine(rules, payments, accounts, machine, Budget, out var decisions);
        var shares = RunRules(rules, payments, accounts);
        return new RuleCosts(decisions, accounts, microseconds, [.. shares.Select(share => share * microseconds)]);
    }

    /// <summary>Microseconds per transaction, of the fastest run of those that the time allows.</summary>
    private static double RunMachine(RuleSet rules, Payment[] payments, int accounts, AccountMachine machine, TimeSpan time, out int decisions)
    {
        var fastest = double.MaxValue;
        decisions = 0;
        for (var begun = Stopwatch.GetTimestamp(); decisions == 0 || Stopwatch.GetElapsedTime(begun) < time;)
        {
            var states = Begin(rules.Windows, payments, accounts);
            var start = Stopwatch.GetTimestamp();
            var done = 0;
            foreach (var (account, decided) in payments.AsSpan(History))
            {
                machine.Decide(states[account], decided);
                AccountMachine.Evolve(states[account], decided);
                if (++done % Stride == 0 && Stopwatch.GetElapsedTime(start) > time)
                {
                    break;
                }
            }

            decisions += done;
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalMicroseconds / done);
        }

        return fastest;
    }

    /// <summary>Which part of the time each rule takes.</summary>
    private static double[] RunRules(RuleSet rules, Payment[] payments, int accounts)
    {
        var windows = new WindowReader(rules.Windows);
        var evaluation = new RuleEvaluation();
        var lists = rules.Bind(NamedLists.Empty);
        var ticks = new long[rules.Rules.Length];
        var inAll = 0L;
        var timed = 0L;
        for (var begun = Stopwatch.GetTimestamp(); timed == 0 || Stopwatch.GetElapsedTime(begun) < Budget;)
        {
            var states = Begin(rules.Windows, payments, accounts);
            var start = Stopwatch.GetTimestamp();
            foreach (var (account, decided) in payments.AsSpan(History))
            {
                var state = states[account];
                var before = Stopwatch.GetTimestamp();
                windows.Begin(state.History, decided.Transaction);
                evaluation.Begin(decided.Transaction, windows, lists);
                var last = Stopwatch.GetTimestamp();
                inAll += last - before;
                for (var rule = 0; rule < ticks.Length; rule++)
                {
                    rules.Rules[rule].Evaluate(evaluation);
                    var now = Stopwatch.GetTimestamp();
                    ticks[rule] += now - last;
                    last = now;
                }

                Remember(state, decided);
                inAll += Stopwatch.GetTimestamp() - last;
                if (++timed % Stride == 0 && Stopwatch.GetElapsedTime(start) > Budget)
                {
                    break;
                }
            }
        }

        // Looking at the clock takes about as long as a simple rule.
        var clock = timed * ClockTicks();
        var net = Array.ConvertAll(ticks, rule => Math.Max(0, rule - clock));
        var sum = Math.Max(1, net.Sum() + Math.Max(0, inAll - (2 * clock)));
        return Array.ConvertAll(net, rule => rule / sum);
    }

    /// <summary>What one look at the clock takes: the least of several tries, since the machine may do something else meanwhile.</summary>
    private static double ClockTicks()
    {
        const int tries = 50;
        const int looks = 200;
        var least = double.MaxValue;
        for (var i = 0; i < tries; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var last = start;
            for (var look = 0; look < looks; look++)
            {
                last = Stopwatch.GetTimestamp();
            }

            least = Math.Min(least, (double)(last - start) / looks);
        }

        return least;
    }

    /// <summary>The accounts as they are before the payments that are measured.</summary>
    private static AccountState[] Begin(WindowPlan plan, Payment[] payments, int accounts)
    {
        var states = new AccountState[accounts];
        for (var i = 0; i < accounts; i++)
        {
            states[i] = new AccountState(plan);
        }

        foreach (var (account, decided) in payments.AsSpan(0, History))
        {
            Remember(states[account], decided);
        }

        return states;
    }

    private static void Remember(AccountState state, TransactionDecided decided)
    {
        decided.Sequence = state.Sequence + 1;
        AccountMachine.Evolve(state, decided);
    }

    private static Payment[] Simulate(out int accounts)
    {
        var simulator = new Simulator(new SimulationSettings { Customers = Customers, Terminals = Customers / 2 });
        var reader = new TransactionReader(Encoding.ASCII.GetBytes("EUR"));
        var line = new ArrayBufferWriter<byte>(PaymentJson.LineBytesMax);
        var numbers = new Dictionary<string, int>();
        var payments = new Payment[History + Measured];
        for (var i = 0; i < payments.Length; i++)
        {
            var payment = simulator.Next();
            line.ResetWrittenCount();
            PaymentJson.Write(payment, line);
            var decided = new TransactionDecided { IdHash = (ulong)payment.Number };
            if (!reader.TryRead(line.WrittenSpan, decided.Transaction))
            {
                throw new InvalidDataException("A simulated payment is not as the contract has it.");
            }

            if (!numbers.TryGetValue(payment.AccountId, out var account))
            {
                numbers[payment.AccountId] = account = numbers.Count;
            }

            payments[i] = new Payment(account, decided);
        }

        accounts = numbers.Count;
        return payments;
    }

    private readonly record struct Payment(int Account, TransactionDecided Decided);
}

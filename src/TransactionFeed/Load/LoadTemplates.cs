using System.Buffers;
using System.Globalization;
using System.Text;
using PaymentSimulator;

namespace TransactionFeed.Load;

/// <summary>
/// Requests made before measuring: payments of simulated customers, with slots of a fixed width for what is new each time (transaction,
/// account, time). An account always gets payments of the same customer, so its habits are those of one person.
/// </summary>
internal sealed class LoadTemplates
{
    private const int CustomersMax = 500;
    private const int PaymentsPerCustomer = 8;
    private const int PaymentsDrawnMax = CustomersMax * PaymentsPerCustomer * 20;

    private readonly LoadTemplate[][] _byCustomer;

    /// <param name="run">Names the transactions.</param>
    /// <param name="accountsOf">Names the accounts: the same, or an earlier run.</param>
    /// <param name="head">What stands before a body of so many bytes.</param>
    public LoadTemplates(int accounts, int seed, string run, string accountsOf, Func<int, string> head)
    {
        var customers = Math.Min(accounts, CustomersMax);
        var simulator = new Simulator(new SimulationSettings { Customers = customers, Terminals = 1_000, Seed = seed, FraudShare = 0 });
        var byAccount = new Dictionary<string, List<LoadTemplate>>();
        var line = new ArrayBufferWriter<byte>(PaymentJson.LineBytesMax);
        var complete = 0;
        for (var i = 0; i < PaymentsDrawnMax && complete < customers; i++)
        {
            var payment = simulator.Next();
            if (!byAccount.TryGetValue(payment.AccountId, out var templates))
            {
                byAccount.Add(payment.AccountId, templates = []);
            }

            if (templates.Count < PaymentsPerCustomer)
            {
                line.ResetWrittenCount();
                PaymentJson.Write(payment, line);
                templates.Add(Build(Encoding.ASCII.GetString(line.WrittenSpan), run, accountsOf, head));
                complete += templates.Count == PaymentsPerCustomer ? 1 : 0;
            }
        }

        _byCustomer = [.. byAccount.Values.Select(templates => templates.ToArray())];
    }

    public int LengthMax => _byCustomer.SelectMany(templates => templates).Max(template => template.Bytes.Length);

    /// <summary>Any of the account's payments.</summary>
    public LoadTemplate Of(int account, int any)
    {
        var templates = _byCustomer[account % _byCustomer.Length];
        return templates[any % templates.Length];
    }

    private static LoadTemplate Build(string line, string run, string accountsOf, Func<int, string> head)
    {
        var number = new string('0', LoadTemplate.NumberDigits);
        var account = new string('0', LoadTemplate.AccountDigits);
        var time = new string('0', LoadTemplate.TimestampCharacters);
        var rest = line[line.IndexOf("\",\"amount\"", StringComparison.Ordinal)..];
        var parts = (string[])[$"{{\"transactionId\":\"{run}-", number, $"\",\"accountId\":\"L{accountsOf}-", account, "\",\"timestamp\":\"", time, rest];
        var beginning = head(parts.Sum(part => part.Length));
        var numberAt = beginning.Length + parts[0].Length;
        var accountAt = numberAt + number.Length + parts[2].Length;
        var timeAt = accountAt + account.Length + parts[4].Length;
        return new LoadTemplate(Encoding.ASCII.GetBytes(beginning + string.Concat(parts)), numberAt, accountAt, timeAt);
    }

    /// <summary>Tells the accounts and transactions of one run from those of any other.</summary>
    public static string RunOf(int seed, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{(uint)HashOf(seed, now.UtcTicks):x8}");

    private static ulong HashOf(int seed, long ticks) => (((ulong)seed * 0x9E3779B97F4A7C15) ^ (ulong)ticks) * 0xBF58476D1CE4E5B9 >> 32;
}

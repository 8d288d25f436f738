using System.Globalization;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Rules;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

/// <summary>One account under a rule set: transactions in, the ids of the rules that hit out.</summary>
internal sealed class Account(RuleSet set, NamedLists? lists = null)
{
    private readonly EventHistory _history = new(set.Windows);
    private readonly WindowReader _windows = new(set.Windows);
    private readonly RuleEvaluation _evaluation = new();
    private readonly List<Transaction> _paid = [];

    public RuleEvaluation Evaluation => _evaluation;

    /// <summary>The ids of the rules that hit the last payment.</summary>
    public IReadOnlyList<string> Hits { get; private set; } = [];

    public int Score { get; private set; }

    /// <summary>What its customer has chosen to be told of.</summary>
    public IReadOnlyList<ChosenActivity> Chosen { get; init; } = [];

    /// <summary>The activity rules that the last payment hit, of those chosen.</summary>
    public IReadOnlyList<string> Told { get; private set; } = [];

    /// <summary>
    /// Pays, with the fields of <see cref="Given.Transaction"/> after the day of March 2026 and the time: <c>04T12:30 amount=5 country=BE</c>.
    /// With a count and a distance before it, several times: <c>3x +10m 04T12:30 amount=5</c>. In the fields <c>#</c> is the payment's number.
    /// </summary>
    public Account Pay(string payment)
    {
        var words = payment.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isSeries = words[0].EndsWith('x');
        var count = isSeries ? int.Parse(words[0].AsSpan(0, words[0].Length - 1), CultureInfo.InvariantCulture) : 1;
        var distance = isSeries ? Distance(words[1]) : TimeSpan.Zero;
        var rest = words.AsSpan(isSeries ? 2 : 0);
        var time = DateTime.Parse($"2026-03-{rest[0]}Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        for (var i = 1; i <= count; i++)
        {
            var fields = string.Join(' ', rest[1..].ToArray()).Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            PayOnce($"timestamp={time:yyyy-MM-ddTHH:mm:ss}Z {fields}");
            time += distance;
        }

        return this;
    }

    private void PayOnce(string fields)
    {
        var transaction = Given.Transaction(fields);
        _windows.Begin(_history, transaction);
        _evaluation.Begin(transaction, _windows, set.Bind(lists ?? NamedLists.Empty), Entities.After(_paid, transaction, set.Plans));
        set.Evaluate(_evaluation);
        Told = [.. Chosen.Where(chosen => set.Activity[set.FindActivity(chosen.Id)].Evaluate(_evaluation, chosen) == RuleResult.Hit).Select(static chosen => chosen.Id)];
        _history.Add(transaction);
        _paid.Add(transaction);
        var hits = new List<string>();
        Score = 0;
        for (var i = 0; i < set.Rules.Length; i++)
        {
            Assert.NotEqual(RuleResult.None, _evaluation.Results[i]);
            if (_evaluation.Results[i] == RuleResult.Hit)
            {
                hits.Add(set.Rules[i].Id);
                Score += set.Rules[i].Score.Billionths;
            }
        }

        Hits = hits;
    }

    private static TimeSpan Distance(string text)
    {
        var number = int.Parse(text.AsSpan(1, text.Length - 2), CultureInfo.InvariantCulture);
        return text[^1] switch
        {
            'd' => TimeSpan.FromDays(number),
            'h' => TimeSpan.FromHours(number),
            'm' => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromSeconds(number),
        };
    }
}

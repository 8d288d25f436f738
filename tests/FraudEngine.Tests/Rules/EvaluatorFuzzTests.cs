using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Compilation;
using FraudEngine.Rules.Explanation;
using FraudEngine.Rules.Syntax;
using FraudEngine.Windows;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Rules;

/// <summary>Random conditions over random payments come to what the reference interpreter says, and cost no memory.</summary>
public class EvaluatorFuzzTests
{
    private static readonly Arbitrary<int> Seeds = Arb.From(Gen.Choose(0, int.MaxValue));

    /// <summary>Whether the windows under test know delays.</summary>
    private const bool WithDelays = true;

    [Fact]
    public void Conditions_are_what_the_reference_says()
    {
        var tried = 0;
        var results = new HashSet<string>();
        Run(500, 50_000, seed =>
        {
            var random = new Random(seed);
            var condition = new RandomExpression(random, WithDelays).Condition(random.Next(1, 5));
            var text = ExpressionPrinter.Print(condition);
            var payments = Payments(random);
            if (Compile(text) is not { } compiled)
            {
                return;
            }

            var (status, value) = compiled.Evaluate(payments);
            var expected = new ReferenceInterpreter(Facts(payments[^1]), [.. payments[..^1].Select(Facts)]).Evaluate(Parser.Parse(text));
            Assert.Equal((text, ReferenceInterpreter.Show(expected)), (text, status == ValueStatus.Ok ? value : status.ToString()));
            Assert.Equal((text, 0L), (text, compiled.AllocatedBytes()));
            tried++;
            results.Add(ReferenceInterpreter.Show(expected));
        });

        // The generator is worth something only if most of what it makes compiles, and comes to everything.
        Assert.InRange(tried, Soak.Times(350, 35_000), int.MaxValue);
        Assert.Equal(["Error", "Missing", "false", "true"], results.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_order_of_operands_makes_no_difference() => Run(200, 20_000, static seed =>
    {
        var random = new Random(seed);
        var generator = new RandomExpression(random, WithDelays);
        var operands = Enumerable.Range(0, random.Next(2, 5)).Select(_ => $"({ExpressionPrinter.Print(generator.Condition(2))})").ToArray();
        var payments = Payments(random);
        foreach (var sign in new[] { " && ", " || " })
        {
            var text = string.Join(sign, operands);
            random.Shuffle(operands);
            var shuffled = string.Join(sign, operands);
            Assert.Equal((text, Compile(text)?.Evaluate(payments)), (text, Compile(shuffled)?.Evaluate(payments)));
        }
    });

    [Fact]
    public void Every_part_is_explained_as_if_it_stood_alone() => Run(100, 5_000, static seed =>
    {
        var random = new Random(seed);
        var text = ExpressionPrinter.Print(new RandomExpression(random, WithDelays).Condition(random.Next(1, 4)));
        var payments = Payments(random);
        if (Expressions.Evaluate(text, payments[^1], payments[..^1]).Explanation is { } explanation)
        {
            Assert.Equal(text, explanation.Text);
            Check(explanation, payments);
        }
    });

    private static void Check(ExpressionExplanation part, string[] payments)
    {
        var shown = part.Status == ExpressionStatus.Ok ? part.Value : $"{part.Status.ToString().ToLowerInvariant()}: {part.Reason}";
        Assert.Equal((part.Text, shown), (part.Text, Expressions.Result(part.Text, payments[^1], payments[..^1])));
        Assert.Equal(part.Status == ExpressionStatus.Ok, part.Reason is null);
        Assert.Equal(part.Status == ExpressionStatus.Ok, part.Value is not null);
        Assert.NotEqual("", part.Type);
        Assert.All(part.Parts, inner => Check(inner, payments));
    }

    private static void Run(int shortForm, int fullForm, Action<int> check) =>
        Prop.ForAll(Seeds, check).Check(Property.Runs(Soak.Times(shortForm, fullForm)));

    private static Compiled? Compile(string text)
    {
        var windows = new EntitySlots(WindowSettings.Default, null);
        var condition = ExpressionCompiler.Condition(text, new Scope(windows, new ListSlots(null)), new Problems());
        return condition is null ? null : new Compiled(condition, windows.Plans());
    }

    /// <summary>Up to a dozen payments within some days, and the one that is looked at.</summary>
    private static string[] Payments(Random random)
    {
        var time = new DateTime(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);
        return [.. Enumerable.Range(0, random.Next(1, 13)).Select(_ =>
        {
            time += TimeSpan.FromMinutes(random.Next(4) * random.Next(900));
            return $"timestamp={time:yyyy-MM-ddTHH:mm:ss}Z amount={random.Next(0, 4_000) / 100m}"
                + Maybe(" country=", "BE", "FR", "IT") + Maybe(" channel=", "online", "atm", "pos") + Maybe(" terminalId=", "t1", "t2") + Maybe(" merchantId=", "m1", "m2", "ab") + Maybe(" deviceId=", "d1", "é😀")
                + Maybe(" counterpartyId=", "m1", "a-text-that-is-longer-than-fifteen-bytes") + Maybe(" latitude=50.5 longitude=", "4.25");
        })];

        string Maybe(string name, params string[] values) => random.Next(3) == 0 ? "" : name + values[random.Next(values.Length)];
    }

    private static Dictionary<string, object> Facts(string payment)
    {
        var facts = new Dictionary<string, object> { ["currency"] = "EUR" };
        foreach (var part in payment.Split(' ').Select(static part => part.Split('=')))
        {
            facts[part[0]] = part[0] switch
            {
                "timestamp" => DateTime.Parse(part[1], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal),
                "amount" or "latitude" or "longitude" => decimal.Parse(part[1], System.Globalization.CultureInfo.InvariantCulture),
                _ => part[1],
            };
        }

        return facts;
    }

    private sealed class Compiled(BoolOperand condition, WindowPlans plans)
    {
        private readonly RuleEvaluation _evaluation = new();
        private readonly WindowReader _reader = new(plans[EntityKind.Account]);
        private EventHistory _history = new(plans[EntityKind.Account]);
        private EntityValues _entities = new();
        private Transaction _transaction = new();

        public (ValueStatus Status, string Value) Evaluate(string[] payments)
        {
            _history = new EventHistory(plans[EntityKind.Account]);
            foreach (var payment in payments[..^1])
            {
                _history.Add(Given.Transaction(payment));
            }

            _transaction = Given.Transaction(payments[^1]);
            _entities = Entities.After(payments[..^1].Select(Given.Transaction), _transaction, plans);
            _reader.Begin(_history, _transaction);
            _evaluation.Begin(_transaction, _reader, [], _entities);
            var status = new OperandText(_evaluation, null).Read(condition, isItem: false, out var value);
            return (status, status == ValueStatus.Ok ? value : "");
        }

        /// <summary>By evaluating again what was evaluated.</summary>
        public long AllocatedBytes()
        {
            _reader.Begin(_history, _transaction);
            _evaluation.Begin(_transaction, _reader, [], _entities);
            var before = GC.GetAllocatedBytesForCurrentThread();
            condition.Eval(_evaluation);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}

using System.Collections.Immutable;
using FraudEngine.Rules.Syntax;

namespace FraudEngine.Tests.Rules;

/// <summary>Makes well-typed syntax trees, nearly all of which compile.</summary>
/// <param name="withDelays">Whether windows may have delays.</param>
internal sealed class RandomExpression(Random random, bool withDelays = true)
{
    private static readonly Place Nowhere = new(0, 0);

    private bool _isFilter;

    /// <summary>Whose transactions a window looks at, and what may stand before the names of its filter.</summary>
    private string _entity = "account";

    public Expression Condition(int depth)
    {
        if (depth <= 0)
        {
            return Pick<Func<Expression>>(() => Literal(random.Next(2) == 0), () => Call("has", Name(Field())), () => Compare(true, Amount(), Number(0)), () => KnownComparison())();
        }

        return random.Next(14) switch
        {
            0 => Compare(false, Number(depth - 1), Number(depth - 1)),
            1 => Compare(false, Text(depth - 1), Text(depth - 1)),
            2 => Compare(false, Duration(depth - 1), Duration(depth - 1)),
            3 => Compare(false, Timestamp(depth - 1), Timestamp(depth - 1)),
            4 => Compare(true, Condition(depth - 1), Condition(depth - 1)),
            5 => new Not(Nowhere, Condition(depth - 1)),
            6 => new Conditional(Nowhere, Condition(depth - 1), Condition(depth - 1), Condition(depth - 1)),
            7 => new Membership(Nowhere, Number(depth - 1), Numbers(depth - 1)),
            8 => new Membership(Nowhere, Text(depth - 1), Texts(depth - 1)),
            9 => Compare(true, Numbers(depth - 1), Numbers(depth - 1)),
            10 => Method(Text(depth - 1), Pick("startsWith", "endsWith", "contains"), Text(depth - 1)),
            11 => Method(Text(depth - 1), "matches", Literal(Pick("^m", "[0-9]+$", "a|b", "^.{2,3}$", "x*"))),
            12 when !_isFilter => Compare(true, OfEntity(), Pick(Name(TextField()), Literal(AnyText()))),
            _ => new Logic(Nowhere, Pick(LogicalOperator.And, LogicalOperator.Or), [.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => Condition(depth - 1))]),
        };
    }

    public Expression Number(int depth)
    {
        if (depth <= 0)
        {
            return Pick(Amount(), Name("latitude"), new NumberLiteral(Nowhere, Pick(0m, 1m, 2m, 10m, 0.5m, 12.34m, 7_000_000_000_000_000_000m)));
        }

        return random.Next(9) switch
        {
            0 or 1 when !_isFilter => Window(),
            2 when !_isFilter => new Arithmetic(Nowhere, (ArithmeticOperator)random.Next(1, 6), Number(depth - 1), Number(depth - 1)),
            3 when !_isFilter => new Arithmetic(Nowhere, Pick(ArithmeticOperator.Divide, ArithmeticOperator.Multiply), Number(depth - 1), Pick(Zero(), Number(0))),
            4 => new Negation(Nowhere, Number(depth - 1)),
            5 => new Conditional(Nowhere, Condition(depth - 1), Number(depth - 1), Number(depth - 1)),
            6 => Call("size", Pick(Text(depth - 1), Texts(depth - 1))),
            7 => new FraudEngine.Rules.Syntax.Index(Nowhere, new ListLiteral(Nowhere, [Number(depth - 1), Number(depth - 1)]), new NumberLiteral(Nowhere, random.Next(2))),
            _ => Clock(depth),
        };
    }

    public Expression Text(int depth)
    {
        if (depth <= 0)
        {
            return Pick(Name(TextField()), Literal(AnyText()));
        }

        return random.Next(3) switch
        {
            0 => new Conditional(Nowhere, Condition(depth - 1), Text(depth - 1), Text(depth - 1)),
            1 => new FraudEngine.Rules.Syntax.Index(Nowhere, Texts(0), new NumberLiteral(Nowhere, 0)),
            _ => Text(0),
        };
    }

    private Expression Duration(int depth) => random.Next(depth <= 0 ? 2 : 6) switch
    {
        0 => new DurationLiteral(Nowhere, Pick(TimeSpan.TicksPerSecond, TimeSpan.TicksPerHour, 90 * TimeSpan.TicksPerMinute)),
        1 => Call("duration", Literal("1500ms")),
        2 when !_isFilter => new Arithmetic(Nowhere, ArithmeticOperator.Subtract, Timestamp(depth - 1), Timestamp(depth - 1)),
        3 when !_isFilter => Since(),
        4 => new Negation(Nowhere, Duration(depth - 1)),
        _ => new Conditional(Nowhere, Condition(depth - 1), Duration(depth - 1), Duration(depth - 1)),
    };

    private Expression Timestamp(int depth) => random.Next(depth <= 0 ? 2 : 4) switch
    {
        0 => Name("timestamp"),
        1 => Call("timestamp", Literal("2026-03-04T09:30:00Z")),
        2 when !_isFilter => new Arithmetic(Nowhere, Pick(ArithmeticOperator.Add, ArithmeticOperator.Subtract), Timestamp(depth - 1), Duration(depth - 1)),
        _ => new Conditional(Nowhere, Condition(depth - 1), Timestamp(depth - 1), Timestamp(depth - 1)),
    };

    private Expression Numbers(int depth) => random.Next(depth <= 0 ? 1 : 3) switch
    {
        0 => new ListLiteral(Nowhere, [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => Number(depth - 1))]),
        1 => new Arithmetic(Nowhere, ArithmeticOperator.Add, Numbers(0), Numbers(depth - 1)),
        _ => new Conditional(Nowhere, Condition(depth - 1), Numbers(0), Numbers(0)),
    };

    /// <summary>At least one text.</summary>
    private ListLiteral Texts(int depth) => new(Nowhere, [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Text(depth - 1))]);

    private Call Clock(int depth) => Method(Timestamp(depth - 1), Pick("getHours", "getDate", "getDayOfWeek"), random.Next(2) == 0 ? [] : [Literal("Europe/Brussels")]);

    private Call OfEntity()
    {
        TakeEntity();
        return Call(Pick("last", "first"), [Of(TextField()), .. Delay()]);
    }

    private Call Since()
    {
        TakeEntity();
        return Call("since", random.Next(3) switch
        {
            0 => [Name(_entity), .. Delay()],
            1 => [Name(_entity), Filter(), .. Delay()],
            _ => [_entity == "account" ? Filter() : new Logic(Nowhere, LogicalOperator.And, [Compare(true, Of("country"), Literal("BE")), Filter()]), .. Delay()],
        });
    }

    private Call Window()
    {
        TakeEntity();
        var length = new DurationLiteral(Nowhere, Pick(TimeSpan.TicksPerHour, TimeSpan.TicksPerDay, 7 * TimeSpan.TicksPerDay));
        ImmutableArray<Expression> rest = [length, .. random.Next(2) == 0 ? [] : new[] { Filter() }, .. Delay()];
        return random.Next(4) switch
        {
            0 => Call("count", [Name(_entity), .. rest]),
            1 => Call(Pick("distinct", "same"), [Of(TextField()), .. rest]),
            2 => Call("last", [Of("amount"), .. rest]),
            _ => Call(Pick("sum", "avg", "min", "max"), [Of("amount"), .. rest]),
        };
    }

    private Expression[] Delay() => withDelays && random.Next(3) == 0
        ? [new FraudEngine.Rules.Syntax.Delay(Nowhere, Pick(new DurationLiteral(Nowhere, random.Next(8) * TimeSpan.TicksPerDay), Call("duration", Literal("1500ms"))))]
        : [];

    private void TakeEntity() => _entity = Pick("account", "terminal");

    private Expression Filter()
    {
        _isFilter = true;
        var filter = Condition(random.Next(3));
        _isFilter = false;
        return filter;
    }

    private static Arithmetic Zero() => new(Nowhere, ArithmeticOperator.Subtract, Name("amount"), Name("amount"));

    /// <summary>In a filter with and without the prefix.</summary>
    private Expression Amount() => _isFilter && random.Next(2) == 0 ? Of("amount") : Name("amount");

    private Comparison KnownComparison() => Pick(
        Compare(true, Name("country"), Literal(Pick("BE", "FR"))),
        Compare(true, Name("channel"), Literal(Pick("online", "atm"))),
        Compare(false, Name("country"), Literal("CC")));

    private Comparison Compare(bool isEquality, Expression left, Expression right) =>
        new(Nowhere, (ComparisonOperator)(isEquality ? random.Next(1, 3) : random.Next(1, 7)), left, right);

    private string Field() => Pick("country", "channel", "merchantId", "deviceId", "latitude", "amount", "terminalId");

    private string TextField() => Pick("merchantId", "deviceId", "counterpartyId");

    private string AnyText() => Pick("m1", "m2", "d1", "ab", "é😀", "a text that is longer than fifteen bytes", "\"quoted\"\\ ");

    private Member Of(string field) => new(Nowhere, Name(_entity), Name(field));

    private static Name Name(string text) => new(Nowhere, text);

    private static TextLiteral Literal(string text) => new(Nowhere, text);

    private static BoolLiteral Literal(bool value) => new(Nowhere, value);

    private static Call Call(string name, params ImmutableArray<Expression> arguments) => new(Nowhere, null, Name(name), arguments);

    private static Call Method(Expression target, string name, params ImmutableArray<Expression> arguments) => new(Nowhere, target, Name(name), arguments);

    private T Pick<T>(params T[] of) => of[random.Next(of.Length)];

    private Expression Pick(params Expression[] of) => of[random.Next(of.Length)];
}

using FraudEngine.Rules.Compilation;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Rules;

public class DecimalArithmeticTests
{
    private static readonly decimal[] Edges =
    [
        0, 1, -1, 0.1m, 7, decimal.MaxValue, decimal.MinValue, decimal.MaxValue - 1, decimal.MaxValue / 2, (decimal.MaxValue / 2) + 1, decimal.MaxValue / 10, 0.0000000000000000000000000001m,
        -0.0000000000000000000000000001m, 1_000_000_000_000m, 79_228_162_514_264.337593543950335m, 281_474_976_710_656m, 1.0000000001m, 0.99999999999999m,
    ];

    [Fact]
    public void Every_result_is_that_of_decimal() => Prop.ForAll(Arb.From(Gen.Choose(0, int.MaxValue)), static seed =>
    {
        var random = new Random(seed);
        var (left, right) = (Number(random), Number(random));
        Check((left, right), static (left, right) => left + right, DecimalArithmetic.TryAdd(left, right, out var sum), sum);
        Check((left, right), static (left, right) => left * right, DecimalArithmetic.TryMultiply(left, right, out var product), product);
        Check((left, right), static (left, right) => left / right, DecimalArithmetic.TryDivide(left, right, out var quotient), quotient);
        Check((left, right), static (left, right) => left % right, DecimalArithmetic.TryModulo(left, right, out var rest), rest);
    }).Check(Property.Runs(Soak.Times(2_000, 500_000)));

    private static decimal Number(Random random) => random.Next(3) switch
    {
        0 => Edges[random.Next(Edges.Length)],
        1 => new decimal(random.Next(), random.Next(), random.Next(3) == 0 ? random.Next() : 0, random.Next(2) == 0, (byte)random.Next(29)),
        _ => random.Next(-1_000, 1_000) / 100m,
    };

    private static void Check((decimal Left, decimal Right) sides, Func<decimal, decimal, decimal> calculate, bool hasResult, decimal result)
    {
        decimal? expected;
        try
        {
            expected = calculate(sides.Left, sides.Right);
        }
        catch (Exception exception) when (exception is OverflowException or DivideByZeroException)
        {
            expected = null;
        }

        Assert.Equal((sides, expected), (sides, hasResult ? result : null));
    }
}

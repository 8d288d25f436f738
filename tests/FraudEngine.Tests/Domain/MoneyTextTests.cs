using System.Globalization;
using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Domain;

public sealed class MoneyTextTests
{
    [Fact]
    public void Every_way_to_write_an_amount_gives_the_amount_of_decimal_arithmetic()
    {
        var random = new Random(11);
        var formatted = new byte[Money.TextBytesMax];
        for (var i = 0; i < 20_000; i++)
        {
            var units = random.NextInt64(10_000_000_000_000_000L) / (long)Math.Pow(10, random.Next(17));
            var exponent = random.Next(-20, 21);
            var amount = units / 10_000m;
            var text = Write(units, exponent);
            Assert.True(MoneyText.Read(Encoding.ASCII.GetBytes(text), out var money) == FieldProblem.None, text);
            Assert.Equal(amount, money.ToDecimal());
            Assert.Equal(amount.ToString("0.####", CultureInfo.InvariantCulture), Encoding.ASCII.GetString(formatted, 0, money.Format(formatted)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("1..1")]
    [InlineData("1.1.1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1ee1")]
    [InlineData("1x")]
    [InlineData("1e1x")]
    [InlineData(" 1")]
    [InlineData("--1")]
    public void What_is_no_number_is_refused_as_none(string text) =>
        Assert.Equal(FieldProblem.NotANumber, MoneyText.Read(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("99999999999999999999999999999999", FieldProblem.TooManyDigits)]
    [InlineData("9999999999999.9999", FieldProblem.TooManyDigits)]
    [InlineData("0.99999999999999999999999999999", FieldProblem.TooManyDecimals)]
    [InlineData("0.00000000000000000000000000001", FieldProblem.TooManyDecimals)]
    [InlineData("1e999999999999999999999", FieldProblem.TooManyDigits)]
    [InlineData("1e-999999999999999999999", FieldProblem.TooManyDecimals)]
    [InlineData("-0.0001", FieldProblem.Negative)]
    [InlineData("0e999999999999999999999", FieldProblem.None)]
    [InlineData("000000000000000000000000001", FieldProblem.None)]
    public void An_amount_out_of_range_is_refused_for_its_reason(string text, FieldProblem problem) =>
        Assert.Equal(problem, MoneyText.Read(Encoding.ASCII.GetBytes(text), out _));

    /// <summary>The amount as an integer significand and a power of ten, with as many of its trailing zeros as the reader allows.</summary>
    private static string Write(long units, int exponent)
    {
        if (units == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"0e{exponent}");
        }

        var digits = units.ToString(CultureInfo.InvariantCulture);
        var power = -4;
        while (digits.EndsWith('0') && exponent > 0)
        {
            digits = digits[..^1];
            power++;
        }

        var point = Math.Abs(exponent) % (digits.Length + 1);
        var whole = point == 0 ? "0" : digits[..point];
        var rest = digits[point..];
        return string.Create(CultureInfo.InvariantCulture, $"{whole}{(rest.Length > 0 ? "." + rest : "")}E{power + rest.Length:+0;-0;0}");
    }
}

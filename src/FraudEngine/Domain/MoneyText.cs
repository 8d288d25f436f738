namespace FraudEngine.Domain;

/// <summary>Reads an amount from the text of a JSON number, digit by digit.</summary>
public static class MoneyText
{
    /// <summary>
    /// Reads <paramref name="text"/>, a number in JSON's grammar (exponents included), without rounding.
    /// Returns <see cref="FieldProblem.None"/> and the amount, or what is wrong with it.
    /// </summary>
    public static FieldProblem Read(ReadOnlySpan<byte> text, out Money amount)
    {
        amount = default;
        var at = 0;
        var negative = at < text.Length && text[at] == (byte)'-';
        if (negative)
        {
            at++;
        }

        // The significand as an integer without leading zeros, and the power of ten that it is to be multiplied by.
        long digits = 0;
        var digitCount = 0;
        var wholeDigits = 0;
        var power = 0;
        var afterPoint = false;
        for (; at < text.Length; at++)
        {
            var c = text[at];
            if (c == (byte)'.')
            {
                if (afterPoint)
                {
                    return FieldProblem.NotANumber;
                }

                afterPoint = true;
                continue;
            }

            if (c is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            wholeDigits += afterPoint ? 0 : 1;
            power -= afterPoint ? 1 : 0;
            if (digitCount == 0 && c == (byte)'0')
            {
                continue;
            }

            if (++digitCount > Money.WholeDigitsMax + Money.Decimals)
            {
                return digitCount + power > Money.WholeDigitsMax ? FieldProblem.TooManyDigits : FieldProblem.TooManyDecimals;
            }

            digits = (digits * 10) + (c - '0');
        }

        if (wholeDigits == 0 || text[at - 1] == (byte)'.')
        {
            return FieldProblem.NotANumber;
        }

        if (at == text.Length)
        {
            if (power < -Money.Decimals)
            {
                return FieldProblem.TooManyDecimals;
            }
        }
        else if (TryReadExponent(text[at..], out var exponent))
        {
            power += exponent;
        }
        else
        {
            return FieldProblem.NotANumber;
        }

        if (digits == 0)
        {
            return FieldProblem.None;
        }

        if (negative)
        {
            return FieldProblem.Negative;
        }

        if (digitCount + power > Money.WholeDigitsMax)
        {
            return FieldProblem.TooManyDigits;
        }

        if (power < -Money.Decimals)
        {
            return FieldProblem.TooManyDecimals;
        }

        for (var i = -Money.Decimals; i < power; i++)
        {
            digits *= 10;
        }

        amount = new Money(digits);
        return FieldProblem.None;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.Length < 2 || text[0] is not ((byte)'e' or (byte)'E'))
        {
            return false;
        }

        var at = 1;
        var negative = text[at] == (byte)'-';
        if (text[at] is (byte)'-' or (byte)'+')
        {
            at++;
        }

        if (at == text.Length)
        {
            return false;
        }

        for (; at < text.Length; at++)
        {
            if (text[at] is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            // Beyond this the answer is the same whatever follows.
            exponent = Math.Min((exponent * 10) + (text[at] - '0'), 100_000);
        }

        exponent = negative ? -exponent : exponent;
        return true;
    }
}

namespace FraudEngine.Rules.Compilation;

/// <summary>
/// Arithmetic that says whether it has a result. decimal itself only throws where a result is too large, which takes microseconds and memory; so the size of the result
/// is estimated first, and only within a hair of the limit left to an exception. The estimate decides nothing else: every result is that of decimal.
/// </summary>
internal static class DecimalArithmetic
{
    private const double Limit = 79228162514264337593543950335d;
    private const double SurelyFits = Limit * (1 - 1e-9);
    private const double SurelyTooLarge = Limit * (1 + 1e-9);

    public static bool TryAdd(decimal left, decimal right, out decimal value)
    {
        var size = Math.Abs((double)left + (double)right);
        if (size < SurelyFits)
        {
            value = left + right;
            return true;
        }

        return TryNearLimit(size, left, right, static (left, right) => left + right, out value);
    }

    public static bool TryMultiply(decimal left, decimal right, out decimal value)
    {
        var size = Math.Abs((double)left * (double)right);
        if (size < SurelyFits)
        {
            value = left * right;
            return true;
        }

        return TryNearLimit(size, left, right, static (left, right) => left * right, out value);
    }

    public static bool TryDivide(decimal left, decimal right, out decimal value)
    {
        value = 0;
        if (right == 0)
        {
            return false;
        }

        var size = Math.Abs((double)left / (double)right);
        if (size < SurelyFits)
        {
            value = left / right;
            return true;
        }

        return TryNearLimit(size, left, right, static (left, right) => left / right, out value);
    }

    /// <summary>A remainder is never larger than what is divided.</summary>
    public static bool TryModulo(decimal left, decimal right, out decimal value)
    {
        value = right == 0 ? 0 : left % right;
        return right != 0;
    }

    private static bool TryNearLimit(double size, decimal left, decimal right, Func<decimal, decimal, decimal> calculate, out decimal value)
    {
        value = 0;
        if (size > SurelyTooLarge)
        {
            return false;
        }

        try
        {
            value = calculate(left, right);
            return true;
        }
        catch (OverflowException)
        {
            return false;
        }
    }
}

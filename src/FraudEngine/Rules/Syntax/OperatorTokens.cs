namespace FraudEngine.Rules.Syntax;

/// <summary>Which binary operator, if any, a token is at each level of CEL's precedence.</summary>
internal static class OperatorTokens
{
    public static ComparisonOperator Comparison(TokenKind kind) => kind switch
    {
        TokenKind.Equal => ComparisonOperator.Equal,
        TokenKind.NotEqual => ComparisonOperator.NotEqual,
        TokenKind.Less => ComparisonOperator.Less,
        TokenKind.LessOrEqual => ComparisonOperator.LessOrEqual,
        TokenKind.Greater => ComparisonOperator.Greater,
        TokenKind.GreaterOrEqual => ComparisonOperator.GreaterOrEqual,
        _ => ComparisonOperator.None,
    };

    public static ArithmeticOperator Sum(TokenKind kind) => kind switch
    {
        TokenKind.Plus => ArithmeticOperator.Add,
        TokenKind.Minus => ArithmeticOperator.Subtract,
        _ => ArithmeticOperator.None,
    };

    public static ArithmeticOperator Product(TokenKind kind) => kind switch
    {
        TokenKind.Times => ArithmeticOperator.Multiply,
        TokenKind.Divide => ArithmeticOperator.Divide,
        TokenKind.Modulo => ArithmeticOperator.Modulo,
        _ => ArithmeticOperator.None,
    };

    /// <summary>Whether it stands at the level of <c>+</c>; else at that of <c>*</c>.</summary>
    public static bool IsSum(ArithmeticOperator arithmetic) => arithmetic is ArithmeticOperator.Add or ArithmeticOperator.Subtract;
}

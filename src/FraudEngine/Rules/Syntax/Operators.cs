namespace FraudEngine.Rules.Syntax;

internal enum ComparisonOperator : byte
{
    None,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

internal enum ArithmeticOperator : byte
{
    None,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

internal enum LogicalOperator : byte
{
    None,
    And,
    Or,
}

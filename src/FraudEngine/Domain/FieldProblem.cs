namespace FraudEngine.Domain;

/// <summary>What is wrong with one field of a transaction.</summary>
public enum FieldProblem
{
    None,
    Missing,
    NotJson,
    WrongType,
    GivenTwice,
    Empty,
    TooLong,
    NotPrintable,
    InvalidUtf8,
    NotANumber,
    Negative,
    TooManyDigits,
    TooManyDecimals,
    NotATimestamp,
    NoOffset,
    NotACurrency,
    NotACountry,
    NotAMerchantCategory,
    NotAChannel,
    NotAnIpAddress,
    OutOfRange,
}

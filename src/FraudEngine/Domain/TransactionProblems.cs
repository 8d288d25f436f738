namespace FraudEngine.Domain;

/// <summary>What is wrong with a transaction's text: either it is no JSON object, or fields of it are wrong.</summary>
public sealed class TransactionProblems
{
    private readonly List<(TransactionField Field, FieldProblem Problem)> _fields = [];

    /// <summary>Why the text is no JSON object; null where it is one.</summary>
    public string? Malformed { get; set; }

    public IReadOnlyList<(TransactionField Field, FieldProblem Problem)> Fields => _fields;

    public bool Any => Malformed is not null || _fields.Count > 0;

    public void Clear()
    {
        Malformed = null;
        _fields.Clear();
    }

    public void Add(TransactionField field, FieldProblem problem)
    {
        // Each once: a sender that repeats a mistake a thousand times in one line is told of it once.
        if (problem != FieldProblem.None && !_fields.Contains((field, problem)))
        {
            _fields.Add((field, problem));
        }
    }

    /// <summary>A problem in words, for the sender.</summary>
    public static string Describe(TransactionField field, FieldProblem problem) => problem switch
    {
        FieldProblem.None => "is right",
        FieldProblem.Missing => "is required",
        FieldProblem.NotJson => "is not valid JSON",
        FieldProblem.WrongType => $"must be a JSON {(IsNumber(field) ? "number" : "string")}",
        FieldProblem.GivenTwice => "is given twice",
        FieldProblem.Empty => "must not be empty",
        FieldProblem.TooLong => $"must have at most {Transaction.IdCharactersMax} characters",
        FieldProblem.NotPrintable => "must have printable characters only",
        FieldProblem.InvalidUtf8 => "must be valid UTF-8",
        FieldProblem.NotANumber => "must be a decimal number",
        FieldProblem.Negative => "must be 0 or more",
        FieldProblem.TooManyDigits => $"must have at most {Money.WholeDigitsMax} digits before the point",
        FieldProblem.TooManyDecimals => $"must have at most {Money.Decimals} digits after the point",
        FieldProblem.NotATimestamp => "must be an RFC 3339 timestamp such as 2026-01-31T12:00:00Z",
        FieldProblem.NoOffset => "must have an offset from UTC, such as Z or +01:00",
        FieldProblem.NotACurrency => "must be an ISO 4217 code: three capital letters, such as EUR",
        FieldProblem.NotACountry => "must be an ISO 3166-1 alpha-2 code: two capital letters, such as BE",
        FieldProblem.NotAMerchantCategory => "must be a merchant category code: four digits, such as 5411",
        FieldProblem.NotAChannel => "must be pos, online, atm or transfer",
        FieldProblem.NotAnIpAddress => "must be an IPv4 or IPv6 address",
        FieldProblem.OutOfRange => field == TransactionField.Latitude ? "must be a number of degrees from -90 to 90" : "must be a number of degrees from -180 to 180",
    };

    private static bool IsNumber(TransactionField field) => field is TransactionField.Amount or TransactionField.Latitude or TransactionField.Longitude;
}

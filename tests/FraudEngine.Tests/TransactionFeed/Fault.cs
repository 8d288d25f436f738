namespace FraudEngine.Tests.TransactionFeed;

/// <summary>What a <see cref="ContractServer"/> does wrong in one NDJSON request.</summary>
/// <param name="Status">Answers the request with this status instead.</param>
/// <param name="CutAfter">Resets the connection after so many answers.</param>
/// <param name="HoldAfter">Says nothing more after so many answers.</param>
/// <param name="UnavailableAt">Answers this line, counted from 1, with an error of status 503.</param>
/// <param name="Truncate">With <paramref name="HoldAfter"/>: ends the answer instead, as if all were said.</param>
public sealed record Fault(int? Status = null, int? CutAfter = null, int? HoldAfter = null, int? UnavailableAt = null, bool Truncate = false)
{
    public static readonly Fault None = new();
}

using System.Security.Cryptography;
using System.Text;
using FraudEngine.Domain.Customers;
using FraudEngine.Engine.Changes;

namespace FraudEngine.Ingress.Cases;

/// <summary><c>POST /v1/cases</c>: an analyst opens a case. One that gives it an id can send it again.</summary>
internal sealed class CaseOpening(CaseBook cases)
{
    private const int BytesMax = 32 << 10;

    public async Task Handle(HttpContext context)
    {
        if (await JsonFields.ReadAsync(context, BytesMax, "id", "accountId", "transactions", "reason", "by") is not { } fields)
        {
            return;
        }

        var id = fields.Text("id", static text => CaseEndpoints.IsId(text) ? null : "must be 32 hexadecimal digits, in small letters", isRequired: false) ?? NewId();
        var account = fields.Text("accountId", BodyText.CheckId);
        var transactions = fields.Texts("transactions", CaseSteps.TransactionsMax, BodyText.CheckId);
        var reason = fields.Text("reason", BodyText.CheckReason);
        var by = fields.Text("by", BodyText.CheckId);
        var problem = fields.ProblemOf(CaseProblem.Title) ?? await CheckAsync(account!, transactions);
        if (problem is not null)
        {
            await ProblemResponse.Write(context, problem);
            return;
        }

        var opened = CaseSteps.Open(id, account!, transactions, reason!, by!, cases.Now);
        var (stored, isNew) = await cases.OpenAsync(opened);
        if (stored is null || !(isNew || IsTheSame(stored.Case, opened)))
        {
            await ProblemResponse.Write(context, CaseProblem.IdTaken);
            return;
        }

        context.Response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        context.Response.Headers.Location = $"/v1/cases/{id}";
        await CaseEndpoints.WriteAsync(context, new CaseChange(stored, IsChanged: isNew));
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether a case was opened by the same request, whatever has become of it since.</summary>
    private static bool IsTheSame(AnalystCase stored, AnalystCase opened) =>
        stored.Alert is null && stored.AccountId == opened.AccountId && stored.Reason == opened.Reason && stored.Transactions.SequenceEqual(opened.Transactions)
        && stored.History[0].By == opened.History[0].By;

    private async Task<Problem?> CheckAsync(string account, IReadOnlyList<string> transactions)
    {
        var accountId = Encoding.UTF8.GetBytes(account);
        foreach (var transaction in transactions)
        {
            if (!await cases.HasTransactionAsync(accountId, Encoding.UTF8.GetBytes(transaction)))
            {
                return CaseProblem.UnknownTransaction(transaction);
            }
        }

        return null;
    }
}

using System.Net;
using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>Sends labels to an engine.</summary>
internal sealed class LabelClient(RunningEngine engine)
{
    public static string Json(string account, string id, bool isFraud = true) =>
        $$"""{"transactionId":"{{id}}","accountId":"{{account}}","fraud":{{(isFraud ? "true" : "false")}}}""";

    public static string Answer(string account, string id, bool isFraud = true, bool isChanged = true) =>
        Json(account, id, isFraud)[..^1] + (isChanged ? ",\"changed\":true}" : ",\"changed\":false}");

    public Task<Reply> PostAsync(string json) => PostAsync(Encoding.UTF8.GetBytes(json));

    public async Task<Reply> PostAsync(byte[] body, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await engine.Client.PostAsync("/v1/labels", content);
        return await Reply.OfAsync(response);
    }

    /// <summary>Sends lines as one NDJSON body and returns the lines of the answer.</summary>
    public async Task<string[]> StreamAsync(string lines)
    {
        var reply = await PostAsync(Encoding.UTF8.GetBytes(lines), "application/x-ndjson");
        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (reply.Status, reply.ContentType));
        return reply.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>What an account's transactions say of fraud, newest first.</summary>
    public async Task<string> FraudsAsync(string account) => string.Join(
        ' ',
        (await engine.GetAsync($"/v1/accounts/{account}/transactions")).Json.GetProperty("transactions").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("transactionId").GetString()}:{(entry.TryGetProperty("fraud", out var fraud) ? fraud.GetRawText() : "-")}"));
}

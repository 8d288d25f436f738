using System.Text;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;
using FraudEngine.Hosting;

namespace FraudEngine.Tests.Ingress.Customers;

/// <summary>Calls about customers, holds and cases, and what brings them about.</summary>
internal sealed class CustomerClient(RunningEngine engine)
{
    /// <summary>With activity alerts of every kind.</summary>
    public const string Rules =
        RunningEngine.Rules + "\n" +
        """
        activity:
          - id: payment-above
            takes: number
            when: amount > chosen
            text: Payment of {amount} {currency}
          - id: payment-abroad
            takes: text
            when: country != chosen
            text: Payment abroad
          - id: online-payment
            when: channel == "online"
            text: Payment online
        """;

    public static async Task<RunningEngine> StartAsync(params string[] options)
    {
        var engine = new RunningEngine { RuleFile = Rules, Options = options };
        await engine.InitializeAsync();
        return engine;
    }

    public async Task<Reply> SendAsync(string method, string path, string? body = null, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await engine.Client.SendAsync(request);
        return await Reply.OfAsync(response);
    }

    /// <summary>Has a payment declined and returns its alert.</summary>
    public async Task<AlertId> AlertAsync(string account, string id, params (string Name, string? Value)[] fields)
    {
        var reply = await engine.PostAsync(Tx.Json(account, id, [("amount", "6000"), ("merchantId", "\"m-1\""), ("country", "\"BE\""), .. fields]));
        Assert.True(AlertId.TryParse(reply.Json.GetProperty("alertId").GetString()!, out var alert));
        return alert;
    }

    public Task<Reply> RespondAsync(AlertId alert, string response) => SendAsync("POST", $"/v1/alerts/{alert}/response", $$"""{"response":"{{response}}"}""");

    /// <summary>The outcome of a payment, and its reasons.</summary>
    public async Task<string> DecideAsync(string account, string id, string amount, string merchant = "m-2")
    {
        var json = (await engine.PostAsync(Tx.Json(account, id, ("amount", amount), ("merchantId", $"\"{merchant}\""), ("country", "\"BE\"")))).Json;
        return $"{json.GetProperty("outcome").GetString()} {string.Join(' ', json.GetProperty("reasons").EnumerateArray().Select(static reason => reason.GetProperty("rule").GetString()))}".TrimEnd();
    }

    /// <summary>Makes tokens as the engine's own links have them. The engine must be stopped: its journal is opened.</summary>
    public async Task<AlertLinks> LinksAsync()
    {
        await engine.StopAsync();
        AlertLinks links;
        await using (var journal = await JournalStart.OpenAsync(new StorageOptions { ConnectionString = engine.DataDirectory }, "test", engine.Clock))
        {
            links = CustomerStart.LinksOf(journal);
        }

        await engine.InitializeAsync();
        return links;
    }

    public Task<Reply> ShowAsync(string token, string languages = "en") => SendAsync("GET", $"/respond/{token}", headers: ("Accept-Language", languages));

    public Task<Reply> AnswerAsync(string token, string answer, params (string Name, string Value)[] headers) =>
        SendAsync("POST", $"/respond/{token}", $"answer={answer}", "application/x-www-form-urlencoded", headers);
}

using System.Text;
using FraudEngine.Tests.Ingress;

namespace FraudEngine.Tests.Egress.Webhooks;

/// <summary>Calls about webhook endpoints.</summary>
internal sealed class WebhookClient(RunningEngine engine)
{
    /// <param name="path">Behind <c>/v1/webhooks</c>.</param>
    public async Task<Reply> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/v1/webhooks{path}");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await engine.Client.SendAsync(request);
        return await Reply.OfAsync(response);
    }

    /// <summary>Makes or changes an endpoint; returns its secret where one was made.</summary>
    public async Task<string?> PutAsync(string name, string url, string more = "")
    {
        var reply = await SendAsync("PUT", $"/{name}", $$"""{"url":"{{url}}"{{more}}}""");
        Assert.True(reply.Status == System.Net.HttpStatusCode.OK, reply.Body);
        return reply.Json.TryGetProperty("secret", out var secret) ? secret.GetString() : null;
    }
}

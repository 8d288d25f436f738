using System.Net;
using System.Text.Json;

namespace FraudEngine.Tests.Ingress;

/// <summary>An answer over HTTP.</summary>
public sealed record Reply(HttpStatusCode Status, string? ContentType, string Body, string? RetryAfter)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public static async Task<Reply> OfAsync(HttpResponseMessage response) => new(
        response.StatusCode,
        response.Content.Headers.ContentType?.ToString(),
        await response.Content.ReadAsStringAsync(),
        response.Headers.RetryAfter?.ToString());

    /// <summary>Checks that this is a refusal by RFC 9457 and returns it.</summary>
    public JsonElement Problem(int status, string kind)
    {
        Assert.True(status == (int)Status, $"expected {status} but got {(int)Status}: {Body}");
        Assert.Equal("application/problem+json", ContentType);
        var problem = Json;
        Assert.Equal($"urn:fraudengine:problem:{kind}", problem.GetProperty("type").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.NotEqual("", problem.GetProperty("detail").GetString());
        return problem;
    }

    /// <summary>The fields that the refusal names, with what is wrong with each.</summary>
    public string Errors(int status = 400, string kind = "invalid") =>
        Problem(status, kind).TryGetProperty("errors", out var errors)
            ? string.Join("; ", errors.EnumerateObject().Select(field => $"{field.Name} {string.Join(", ", field.Value.EnumerateArray().Select(text => text.GetString()))}"))
            : "";
}

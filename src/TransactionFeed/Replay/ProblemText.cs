using System.Text.Json;

namespace TransactionFeed.Replay;

/// <summary>Reads problem details (RFC 9457).</summary>
internal static class ProblemText
{
    /// <summary>The title, or whatever says most where there is none. Never empty.</summary>
    public static string TitleOf(JsonElement problem)
    {
        foreach (var name in (ReadOnlySpan<string>)["title", "detail", "type"])
        {
            if (problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text)
            {
                return text;
            }
        }

        return "Error";
    }

    /// <summary>0 where there is none.</summary>
    public static int StatusOf(JsonElement problem) =>
        problem.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var code) ? code : 0;

    /// <summary>What the body of an answer says went wrong, its detail rather than its title, whether it is problem details or not; empty where it says nothing.</summary>
    public static string Of(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            return problem.RootElement.ValueKind != JsonValueKind.Object ? ""
                : problem.RootElement.TryGetProperty("detail", out var detail) && detail.ValueKind == JsonValueKind.String ? detail.GetString()!
                : TitleOf(problem.RootElement);
        }
        catch (JsonException)
        {
            return body.Split('\n')[0].Trim();
        }
    }
}

using System.Text.Json;
using FraudEngine.Trials;

namespace FraudEngine.Ingress;

/// <summary>What a shadow is to try: rules in YAML, or JSON that says rules, a model, or both.</summary>
/// <param name="Rules">Null for those in force.</param>
internal sealed record ShadowBody(string? Rules, ModelChoice Model)
{
    private const string Shape = "A shadow in JSON is {\"rules\":\"…\",\"model\":{\"config\":\"…\",\"trees\":{…}}}; either may be absent, for what is in force, and model may be null, for none.";

    /// <summary>Null where the body was refused, which is answered then.</summary>
    public static async Task<ShadowBody?> ReadAsync(HttpContext context)
    {
        if (RequestMediaType.Of(context.Request) != "application/json")
        {
            return await RuleBody.ReadAsync(context) is { } yaml ? new ShadowBody(yaml, ModelChoice.InForce) : null;
        }

        var (body, problem) = await RequestBody.ReadAsync(context, ModelBody.BytesMax);
        ShadowBody? read = null;
        if (problem is null && TryRead(body, out read) is { } wrong)
        {
            problem = new Problem(400, "malformed", "Not a shadow", wrong);
        }

        if (problem is not null)
        {
            await ProblemResponse.Write(context, problem);
            return null;
        }

        return read;
    }

    private static string? TryRead(ReadOnlyMemory<byte> json, out ShadowBody? body)
    {
        body = null;
        try
        {
            var reader = new Utf8JsonReader(json.Span);
            var problem = Read(ref reader, json, out var read);
            problem ??= reader.Read() ? "There must be nothing behind the object." : null;
            body = problem is null ? read : null;
            return problem;
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException)
        {
            // InvalidOperation: half a surrogate pair.
            return "The body is not valid JSON.";
        }
    }

    private static string? Read(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, out ShadowBody body)
    {
        body = new ShadowBody(null, ModelChoice.InForce);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return Shape;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (name == "rules" && reader.TokenType is JsonTokenType.String or JsonTokenType.Null)
            {
                body = body with { Rules = reader.GetString() };
            }
            else if (name == "model")
            {
                if (ModelBody.TryChoose(ref reader, json, out var model) is { } problem)
                {
                    return problem;
                }

                body = body with { Model = model };
            }
            else
            {
                return Shape;
            }
        }

        return body.Rules is null && body.Model == ModelChoice.InForce ? Shape : null;
    }
}

using System.Text.Json;
using FraudEngine.Engine;
using FraudEngine.Trials;

namespace FraudEngine.Ingress;

/// <summary>A model in a request: <c>{"config":"…","trees":{…}}</c>, where config is its file's text, and trees are what XGBoost wrote.</summary>
internal static class ModelBody
{
    /// <summary>Room for the trees, and for what stands around them.</summary>
    public const int BytesMax = ModelBook.TreesBytesMax + (1 << 20);

    /// <summary>How errors name the model's file.</summary>
    private const string ConfigName = "config";

    private const string Shape = "A model is {\"config\":\"…\",\"trees\":{…}}: the text of its YAML file, and XGBoost's JSON file.";

    /// <summary>The model; null where the body was refused, which is answered then.</summary>
    public static async Task<ModelText?> ReadAsync(HttpContext context)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, BytesMax);
        ModelText? model = null;
        if (problem is null && TryRead(body, out model) is { } wrong)
        {
            problem = new Problem(400, "malformed", "Not a model", wrong);
        }

        if (problem is not null)
        {
            await ProblemResponse.Write(context, problem);
        }

        return model;
    }

    /// <summary>Reads the model whose object the reader stands at the beginning of; where it is wrong, says what.</summary>
    /// <param name="body">What is being read.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static string? TryRead(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, out ModelText? model)
    {
        model = null;
        string? config = null;
        byte[]? trees = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Shape;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (name == "config" && reader.TokenType == JsonTokenType.String)
            {
                config = reader.GetString();
            }
            else if (name == "trees" && reader.TokenType == JsonTokenType.StartObject)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                trees = body[start..(int)reader.BytesConsumed].ToArray();
            }
            else
            {
                return Shape;
            }
        }

        model = config is null || trees is null ? null : new ModelText(config, trees, ConfigName, "trees");
        return model is null ? Shape : null;
    }

    /// <summary>Reads which model is to be tried: an object as above, or null for none. Where it is wrong, says what.</summary>
    /// <param name="body">What is being read.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static string? TryChoose(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, out ModelChoice choice)
    {
        choice = ModelChoice.None;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var problem = TryRead(ref reader, body, out var model);
        choice = model is null ? choice : ModelChoice.Of(model.Config, model.ConfigName, model.Trees);
        return problem;
    }

    private static string? TryRead(ReadOnlyMemory<byte> body, out ModelText? model)
    {
        model = null;
        try
        {
            var reader = new Utf8JsonReader(body.Span);
            return !reader.Read() ? Shape
                : TryRead(ref reader, body, out model) ?? (reader.Read() ? "There must be nothing behind the object." : null);
        }
        catch (Exception reason) when (reason is JsonException or InvalidOperationException)
        {
            // InvalidOperation: half a surrogate pair.
            model = null;
            return "The body is not valid JSON.";
        }
    }
}

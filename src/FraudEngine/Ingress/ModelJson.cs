using System.Text.Json;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>The model in force, as JSON.</summary>
internal static class ModelJson
{
    public static void Write(Utf8JsonWriter json, RulesInForce inForce)
    {
        var model = inForce.Model!.Model;
        var features = model.Features;
        json.WriteString("model", features.Reference);
        json.WriteString("name", features.Name);
        json.WriteNumber("version", features.Version);
        json.WriteString("score", features.ScoreText);
        json.WriteNumber("trees", model.Trees.TreeCount);
        json.WriteStartArray("features");
        foreach (var feature in features.Features)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Name);
            json.WriteString("value", feature.Value);
            json.WriteString("text", feature.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("windows");
        foreach (var window in features.Features.SelectMany(static feature => feature.Windows).Distinct())
        {
            json.WriteStringValue(window.ToString());
        }

        json.WriteEndArray();
    }
}

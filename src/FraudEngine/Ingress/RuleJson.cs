using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary>The rules in force, as JSON and as YAML.</summary>
internal static class RuleJson
{
    public static void Write(Utf8JsonWriter json, RulesInForce inForce)
    {
        var rules = inForce.Rules;
        json.WriteString("name", rules.Name);
        json.WriteNumber("version", rules.Version);
        json.WriteString("ruleSet", rules.Reference);
        json.WriteStartObject("thresholds");
        json.WriteNumber("review", rules.ReviewThreshold.ToDecimal());
        json.WriteNumber("decline", rules.DeclineThreshold.ToDecimal());
        json.WriteEndObject();
        json.WriteStartArray("rules");
        foreach (var rule in rules.Rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("when", rule.When);
            json.WriteNumber("score", rule.Score.ToDecimal());
            json.WriteString("text", rule.Text);
            if (rule.Action != Outcome.None)
            {
                json.WriteString("action", TransactionJson.OutcomeText(rule.Action));
            }

            if (!rule.Tags.IsEmpty)
            {
                json.WriteStartArray("tags");
                foreach (var tag in rule.Tags)
                {
                    json.WriteStringValue(tag);
                }

                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static Task WriteYaml(HttpContext context, string source)
    {
        context.Response.ContentType = "application/yaml; charset=utf-8";
        return context.Response.WriteAsync(source);
    }
}

using System.Collections.Immutable;
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
            WriteTexts(json, rule.Texts);
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
        WriteActivity(json, inForce);
    }

    /// <summary>What customers may choose to be told of; left out where the rule set has nothing such.</summary>
    private static void WriteActivity(Utf8JsonWriter json, RulesInForce inForce)
    {
        if (inForce.Rules.Activity.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("activity");
        foreach (var rule in inForce.Rules.Activity)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            if (rule.TakesText is not null)
            {
                json.WriteString("takes", rule.TakesText);
            }

            json.WriteString("when", rule.When);
            json.WriteString("text", rule.Text);
            WriteTexts(json, rule.Texts);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTexts(Utf8JsonWriter json, ImmutableSortedDictionary<string, string> texts)
    {
        if (texts.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("texts");
        foreach (var (language, text) in texts)
        {
            json.WriteString(language, text);
        }

        json.WriteEndObject();
    }

    /// <summary>What is told of a version of the rules, or of a model, whichever it is.</summary>
    /// <param name="changes">When it went into force, in UTC ticks, and what brought it, oldest first.</param>
    public static void WriteVersion(Utf8JsonWriter json, string name, int version, bool isInForce, IEnumerable<(long AtTicks, string Cause)> changes)
    {
        json.WriteString("name", name);
        json.WriteNumber("version", version);
        json.WriteBoolean("inForce", isInForce);
        json.WriteStartArray("changes");
        foreach (var (atTicks, cause) in changes)
        {
            json.WriteStartObject();
            json.WriteString("at", new DateTime(atTicks, DateTimeKind.Utc));
            json.WriteString("cause", cause);
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

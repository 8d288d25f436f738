using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Engine.Explaining;

namespace FraudEngine.Ingress;

/// <summary>An explanation in the contract's JSON.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes its members into the object that is open.</summary>
    public static void Write(Utf8JsonWriter json, DecisionExplanation explanation, ReasonCatalog catalog)
    {
        var set = catalog[explanation.Decision.RuleSetNumber];
        json.WriteString("transactionId", explanation.Transaction.TransactionId);
        json.WriteString("accountId", explanation.Transaction.AccountId);
        json.WriteNumber("sequence", explanation.Sequence);
        json.WriteString("ruleSet", set.Reference);
        json.WriteNumber("listsVersion", explanation.Decision.ListsVersion);
        json.WriteStartObject("transaction");
        TransactionJson.WriteTransaction(json, explanation.Transaction);
        json.WriteEndObject();
        json.WriteStartObject("decision");
        TransactionJson.WriteDecision(json, explanation.Transaction, explanation.Decision, catalog);
        json.WriteEndObject();
        Write(json, explanation.Model);
        Write(json, explanation.Thresholds);
        json.WriteStartArray("rules");
        foreach (var rule in explanation.Rules)
        {
            Write(json, rule);
        }

        json.WriteEndArray();
        json.WriteStartArray("windows");
        foreach (var window in explanation.Windows)
        {
            Write(json, window);
        }

        json.WriteEndArray();
        json.WriteBoolean("verified", explanation.IsVerified);
        json.WriteStartArray("differences");
        foreach (var difference in explanation.Differences)
        {
            json.WriteStringValue(difference);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ExplainedModel? model)
    {
        if (model is null)
        {
            json.WriteNull("model");
            return;
        }

        json.WriteStartObject("model");
        json.WriteString("reference", model.Reference);
        json.WriteNumber("score", model.Score.ToDecimal());
        json.WriteStartArray("features");
        foreach (var feature in model.Features)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Name);
            json.WriteString("expression", feature.Expression);
            if (feature.Value is { } value && float.IsFinite(value))
            {
                json.WriteNumber("value", value);
            }
            else
            {
                json.WriteNull("value");
            }

            json.WriteNumber("contribution", feature.Contribution);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedThresholds? thresholds)
    {
        if (thresholds is null)
        {
            json.WriteNull("thresholds");
            return;
        }

        json.WriteStartObject("thresholds");
        json.WriteNumber("review", thresholds.Review.ToDecimal());
        json.WriteNumber("decline", thresholds.Decline.ToDecimal());
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedRule rule)
    {
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        json.WriteString("when", rule.When);
        json.WriteNumber("score", rule.Score.ToDecimal());
        json.WriteString("action", rule.Action == Outcome.None ? null : TransactionJson.OutcomeText(rule.Action));
        json.WriteStartArray("tags");
        foreach (var tag in rule.Tags)
        {
            json.WriteStringValue(tag);
        }

        json.WriteEndArray();
        json.WriteString("result", rule.IsHit ? "hit" : rule.IsError ? "error" : "noHit");
        json.WriteNumber("contribution", rule.IsHit ? rule.Score.ToDecimal() : 0);
        json.WritePropertyName("condition");
        Write(json, rule.Condition);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedPart part)
    {
        json.WriteStartObject();
        json.WriteString("text", part.Text);
        json.WriteString("type", part.Type);
        json.WriteString("status", part.Value is not null ? "ok" : part.IsError ? "error" : "missing");
        json.WriteString("value", part.Value);
        if (part.Reason is not null)
        {
            json.WriteString("reason", part.Reason);
        }

        if (!part.Parts.IsEmpty)
        {
            json.WriteStartArray("parts");
            foreach (var inner in part.Parts)
            {
                Write(json, inner);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ExplainedWindow window)
    {
        json.WriteStartObject();
        json.WriteString("expression", window.Expression);
        if (window.Number is { } number)
        {
            json.WriteNumber("value", number / 1.0000000000000000000000000000m);
        }
        else
        {
            json.WriteString("value", window.Text);
        }

        json.WriteBoolean("used", window.IsUsed);
        if (window.IsForgotten)
        {
            json.WriteString("error", "The account had more transactions than are kept, so the exact value was not known.");
        }

        json.WriteEndObject();
    }
}

using FraudEngine.Domain;
using FraudEngine.Engine;

namespace FraudEngine.Ingress;

/// <summary><c>GET /v1/rules</c>: the rule set in force, as JSON, or as its YAML where the client asks for that.</summary>
public static class RuleEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, DecisionEngine engine) => routes.MapGet("/v1/rules", context => Get(context, engine));

    private static Task Get(HttpContext context, DecisionEngine engine)
    {
        var rules = engine.Rules;
        if (context.Request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.ContentType = "application/yaml; charset=utf-8";
            return context.Response.WriteAsync(rules.Source);
        }

        return JsonResponse.Write(context, json =>
        {
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
        });
    }
}

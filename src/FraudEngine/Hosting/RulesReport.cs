using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Rules;

namespace FraudEngine.Hosting;

/// <summary>What a rule set does, needs and costs, as plain text of at most 100 columns, or as JSON.</summary>
internal static class RulesReport
{
    private const int WidthMax = 100;
    private const int IdWidthMax = 32;
    private const int CostliestMax = 10;

    public static string Text(string file, RuleSet rules, RuleCosts costs)
    {
        var text = new StringBuilder();
        AppendLine(text, $"{rules.Reference}, {rules.Rules.Length} rules, from {file}");
        AppendLine(text, $"review from a score of {rules.ReviewThreshold}, decline from {rules.DeclineThreshold}");
        AppendRules(text, rules);
        AppendActivity(text, rules);
        AppendWindows(text, rules);
        Paragraph(text, "Lists: ", rules.ListNames.IsEmpty ? "none" : string.Join(", ", rules.ListNames));
        Paragraph(text, "Fields that the conditions name: ", Names(Fields(rules)));
        AppendCosts(text, rules, costs);
        return text.ToString();
    }

    public static string Json(string file, RuleSet rules, RuleCosts costs)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, JsonText.WriterOptions with { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteString("ruleSet", rules.Reference);
            json.WriteStartObject("thresholds");
            json.WriteNumber("review", rules.ReviewThreshold.ToDecimal());
            json.WriteNumber("decline", rules.DeclineThreshold.ToDecimal());
            json.WriteEndObject();
            json.WriteStartArray("rules");
            for (var i = 0; i < rules.Rules.Length; i++)
            {
                Write(json, rules, i, costs);
            }

            json.WriteEndArray();
            WriteActivity(json, rules);
            Write(json, "windows", EntityWindow.AllOf(rules.Plans).Select(static window => window.ToString()));
            Write(json, "lists", rules.ListNames);
            Write(json, "fields", Fields(rules).Select(TransactionFieldText.NameOf));
            json.WriteStartObject("cost");
            json.WriteNumber("microsecondsPerTransaction", Rounded(costs.Microseconds));
            json.WriteNumber("decisions", costs.Decisions);
            json.WriteNumber("accounts", costs.Accounts);
            json.WriteString("measured", How);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length) + Environment.NewLine;
    }

    private const string How = "on this machine, just now, on one thread, with simulated payments";

    private static void Write(Utf8JsonWriter json, RuleSet rules, int index, RuleCosts costs)
    {
        var rule = rules.Rules[index];
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        json.WriteString("when", rule.When);
        json.WriteNumber("score", rule.Score.ToDecimal());
        if (rule.Action == Outcome.None)
        {
            json.WriteNull("action");
        }
        else
        {
            json.WriteString("action", TransactionJson.OutcomeText(rule.Action));
        }

        Write(json, "tags", rule.Tags);
        json.WriteString("text", rule.Text);
        Write(json, "windows", rule.Windows.Select(static window => window.ToString()));
        Write(json, "fields", rule.Fields.Select(TransactionFieldText.NameOf));
        json.WriteNumber("microseconds", Rounded(costs.RuleMicroseconds[index]));
        json.WriteEndObject();
    }

    private static void WriteActivity(Utf8JsonWriter json, RuleSet rules)
    {
        json.WriteStartArray("activity");
        foreach (var rule in rules.Activity)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("takes", rule.TakesText);
            json.WriteString("when", rule.When);
            json.WriteString("text", rule.Text);
            Write(json, "windows", rule.Windows.Select(static window => window.ToString()));
            Write(json, "fields", rule.Fields.Select(TransactionFieldText.NameOf));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    private static void AppendRules(StringBuilder text, RuleSet rules)
    {
        var idWidth = IdWidth(rules.Rules.Select(static rule => rule.Id), 4);
        var header = $"{"rule".PadRight(idWidth)}  {"score",11}  {"action",-7}  ";
        text.AppendLine();
        text.AppendLine($"{header}windows by number; tags");
        foreach (var rule in rules.Rules)
        {
            var windows = Numbers(rule.Windows, rules);
            var score = rule.Score.Billionths == 0 ? "" : rule.Score.ToString();
            var action = rule.Action == Outcome.None ? "" : TransactionJson.OutcomeText(rule.Action);
            var start = $"{Cut(rule.Id, idWidth).PadRight(idWidth)}  {score,11}  {action,-7}  ";
            Paragraph(text, start, rule.Tags.IsEmpty ? windows : $"{windows}; {string.Join(", ", rule.Tags)}", isSection: false);
        }
    }

    private static void AppendActivity(StringBuilder text, RuleSet rules)
    {
        if (rules.Activity.IsEmpty)
        {
            return;
        }

        var idWidth = IdWidth(rules.Activity.Select(static rule => rule.Id), 8);
        text.AppendLine();
        text.AppendLine($"{"activity".PadRight(idWidth)}  takes   windows by number");
        foreach (var rule in rules.Activity)
        {
            Paragraph(text, $"{Cut(rule.Id, idWidth).PadRight(idWidth)}  {rule.TakesText ?? "-",-6}  ", Numbers(rule.Windows, rules), isSection: false);
        }
    }

    private static int IdWidth(IEnumerable<string> ids, int least) => Math.Min(IdWidthMax, ids.Select(static id => id.Length).Append(least).Max());

    private static string Numbers(ImmutableArray<EntityWindow> windows, RuleSet rules) =>
        windows.IsEmpty ? "-" : string.Join(' ', windows.Select(window => window.NumberIn(rules.Plans) + 1).Order());

    private static void AppendWindows(StringBuilder text, RuleSet rules)
    {
        text.AppendLine();
        AppendLine(text, $"Windows: {(rules.Plans.Count == 0 ? "none" : rules.Plans.Count)}");
        foreach (var window in EntityWindow.AllOf(rules.Plans))
        {
            var users = rules.Rules.Count(rule => rule.Windows.Contains(window)) + rules.Activity.Count(rule => rule.Windows.Contains(window));
            Paragraph(text, string.Create(CultureInfo.InvariantCulture, $"{window.NumberIn(rules.Plans) + 1,4}  "), $"{window} for {users} {(users == 1 ? "rule" : "rules")}", isSection: false);
        }
    }

    private static void AppendCosts(StringBuilder text, RuleSet rules, RuleCosts costs)
    {
        Paragraph(
            text,
            "Cost: ",
            string.Create(CultureInfo.InvariantCulture, $"{costs.Microseconds:0.00} us per transaction, measured {How}: {costs.Decisions:N0} decisions for {costs.Accounts:N0} accounts.")
            + (rules.Plans.Visited.IsEmpty ? "" : $" What the windows of {string.Join(", ", rules.Plans.Visited.Select(EntityKinds.NameOf))} cost is not in it."));
        if (rules.Rules.IsEmpty)
        {
            return;
        }

        var rest = Math.Max(0, costs.Microseconds - costs.RuleMicroseconds.Sum());
        AppendLine(text, $"  {Amount(rest, costs)}  the account's history and what is remembered of the decision");
        var costliest = Enumerable.Range(0, rules.Rules.Length).OrderByDescending(i => costs.RuleMicroseconds[i]).ToArray();
        foreach (var i in costliest.Take(CostliestMax))
        {
            AppendLine(text, $"  {Amount(costs.RuleMicroseconds[i], costs)}  {rules.Rules[i].Id}");
        }

        if (costliest.Length > CostliestMax)
        {
            AppendLine(text, $"  {Amount(costliest.Skip(CostliestMax).Sum(i => costs.RuleMicroseconds[i]), costs)}  the other {costliest.Length - CostliestMax} rules");
        }

        AppendLine(text, $"A window that several rules ask counts for the first of them.");
    }

    private static string Amount(double microseconds, RuleCosts costs) =>
        string.Create(CultureInfo.InvariantCulture, $"{microseconds,7:0.000} us {(costs.Microseconds == 0 ? 0 : microseconds / costs.Microseconds),6:0.0 %}");

    /// <summary>A text that goes on below itself where it is too long for a line.</summary>
    private static void Paragraph(StringBuilder text, string start, string rest, bool isSection = true)
    {
        if (isSection)
        {
            text.AppendLine();
        }

        var indent = Math.Min(start.Length, WidthMax / 2);
        var line = new StringBuilder(start);
        var isBegun = false;
        foreach (var word in rest.Split(' '))
        {
            if (isBegun && line.Length + 1 + word.Length > WidthMax)
            {
                text.AppendLine(line.ToString().TrimEnd());
                line.Clear().Append(' ', indent);
                isBegun = false;
            }

            line.Append(isBegun ? " " : "").Append(word);
            isBegun = true;
        }

        text.AppendLine(line.ToString().TrimEnd());
    }

    private static void AppendLine(StringBuilder text, FormattableString line) => text.AppendLine(Cut(line.ToString(CultureInfo.InvariantCulture), WidthMax));

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 1)] + "…";

    private static IEnumerable<TransactionField> Fields(RuleSet rules) =>
        rules.Rules.SelectMany(static rule => rule.Fields).Concat(rules.Activity.SelectMany(static rule => rule.Fields)).Distinct().Order();

    private static string Names(IEnumerable<TransactionField> fields) =>
        fields.Any() ? string.Join(", ", fields.Select(TransactionFieldText.NameOf)) : "none";

    private static decimal Rounded(double microseconds) => Math.Round((decimal)microseconds, 4);
}

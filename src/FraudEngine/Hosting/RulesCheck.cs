using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FraudEngine.Domain;
using FraudEngine.Rules;

namespace FraudEngine.Hosting;

/// <summary>What one rule file holds, or what is wrong with it.</summary>
/// <param name="Rules">Null where it has errors.</param>
internal sealed record RulesCheck(string File, RuleSet? Rules, ImmutableArray<RuleError> Errors, ImmutableArray<RuleError> Warnings)
{
    public static RulesCheck Of(string file, RulesArguments arguments)
    {
        if (!System.IO.File.Exists(file))
        {
            var what = Directory.Exists(file) ? "this is a directory; name the files in it" : $"there is no such file in {Directory.GetCurrentDirectory()}";
            return new RulesCheck(file, null, [new RuleError(file, 1, 1, what)], []);
        }

        try
        {
            var yaml = System.IO.File.ReadAllText(file);
            var rules = RuleSet.Parse(yaml, file, arguments.Windows, entities: arguments.Entities);
            return new RulesCheck(file, rules, [], [.. rules.ListNames.Where(list => !IsThere(list, arguments)).Select(list => Unknown(list, file, rules, arguments))]);
        }
        catch (RuleSetException wrong)
        {
            return new RulesCheck(file, null, [.. wrong.Errors], []);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new RulesCheck(file, null, [new RuleError(file, 1, 1, unreadable.Message)], []);
        }
    }

    /// <summary>Errors and warnings go to <paramref name="error"/>, what is fine to <paramref name="output"/>.</summary>
    public void Write(TextWriter output, TextWriter error)
    {
        foreach (var found in Errors.Concat(Warnings))
        {
            error.WriteLine(found);
        }

        output.WriteLine(Rules is null
            ? $"{File}: {Counted(Errors.Length, "error")}"
            : $"{File}: {Rules.Reference} is fine: {Counted(Rules.Rules.Length, "rule")}, {Activity(Rules)}{Counted(Rules.Plans.Count, "window")}, {Counted(Rules.ListNames.Length, "list")}");
    }

    public static string Json(IReadOnlyList<RulesCheck> checks)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, JsonText.WriterOptions with { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("ok", checks.All(static check => check.Errors.IsEmpty));
            json.WriteStartArray("files");
            foreach (var check in checks)
            {
                check.Write(json);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("file", File);
        json.WriteBoolean("ok", Errors.IsEmpty);
        if (Rules is not null)
        {
            json.WriteString("ruleSet", Rules.Reference);
            json.WriteNumber("rules", Rules.Rules.Length);
            json.WriteNumber("activity", Rules.Activity.Length);
            json.WriteNumber("windows", Rules.Plans.Count);
            json.WriteNumber("lists", Rules.ListNames.Length);
        }

        Write(json, "errors", Errors);
        Write(json, "warnings", Warnings);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<RuleError> found)
    {
        json.WriteStartArray(name);
        foreach (var error in found)
        {
            json.WriteStartObject();
            json.WriteNumber("line", error.Line);
            json.WriteNumber("column", error.Column);
            json.WriteString("message", error.Message);
            json.WriteString("sourceLine", error.SourceLine);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool IsThere(string list, RulesArguments arguments) => System.IO.File.Exists(Path.Combine(arguments.ListsDirectory, list + ".txt"));

    /// <summary>Where the list is asked first. A list's name has no character that means something in a pattern.</summary>
    private static RuleError Unknown(string list, string file, RuleSet rules, RulesArguments arguments)
    {
        var lines = rules.Source.Split('\n');
        var message = $"warning: there is no list '{list}' in {arguments.ListsDirectory}; make it (PUT /v1/lists/{list}) before the rules go into force";
        var asked = new Regex($"""list\(\s*[\\]?["']{Regex.Escape(list)}[\\]?["']""", RegexOptions.NonBacktracking);
        for (var i = 0; i < lines.Length; i++)
        {
            if (asked.Match(lines[i]) is { Success: true } match)
            {
                return new RuleError(file, i + 1, match.Index + 1, message) { SourceLine = lines[i].TrimEnd('\r') };
            }
        }

        return new RuleError(file, 1, 1, message) { SourceLine = lines[0].TrimEnd('\r') };
    }

    private static string Activity(RuleSet rules) => rules.Activity.IsEmpty ? "" : $"{Counted(rules.Activity.Length, "activity rule")}, ";

    private static string Counted(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}

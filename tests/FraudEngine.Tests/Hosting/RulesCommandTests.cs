using System.Text.Json;
using FraudEngine.Hosting;

namespace FraudEngine.Tests.Hosting;

/// <summary><c>FraudEngine rules check</c> and <c>rules explain</c>.</summary>
public sealed class RulesCommandTests : IDisposable
{
    private const string Fine = """
        name: mine
        version: 7
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - id: many
            when: count(account, 1h) > 3 && merchantCategory == "7995"
            score: 0.25
            tags: [velocity]
            text: Many payments
          - id: block
            when: count(account, 1h) > 30 || amount > 2 * avg(account.amount, 30d)
            action: decline
            text: Blocked
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task The_program_checks_files_for_a_pipeline()
    {
        var wrong = _folder.Write("wrong.yaml", Fine.Replace("amount >", "ammount >", StringComparison.Ordinal));
        using var check = new ChildProcess("FraudEngine", _folder.PathOf("."), "rules", "check", wrong);
        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains($"{wrong}:11:38: there is no field 'ammount'; did you mean 'amount'?", check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_of_every_file_is_told_with_its_line_and_a_caret()
    {
        var fine = _folder.Write("fine.yaml", Fine);
        var wrong = _folder.Write("wrong.yaml", Fine.Replace("score: 0.25", "score: 25", StringComparison.Ordinal).Replace("amount >", "ammount >", StringComparison.Ordinal));
        var missing = _folder.PathOf("missing.yaml");
        var (code, output, error) = Run("check", fine, wrong, missing);
        Assert.Equal(1, code);
        Assert.Equal(
            $"""
            {fine}: mine@7 is fine: 2 rules, 2 windows, 0 lists
            {wrong}: 2 errors
            {missing}: 1 error

            """,
            output);
        Assert.StartsWith(
            $"""
            {wrong}:7:12: 'score' takes a decimal number from -1 to 1, with at most 9 decimals, but found '25'
                  score: 25
                         ^
            {wrong}:11:38: there is no field 'ammount'; did you mean 'amount'?
                  when: count(account, 1h) > 30 || ammount > 2 * avg(account.amount, 30d)
                                                   ^
            {missing}:1:1: 
            """,
            error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_errors_is_fine()
    {
        var (code, output, error) = Run("check", Path.Combine(Repository.Root, "config", "rules.yaml"));
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("card-default@3 is fine: 23 rules, 6 activity rules, 24 windows", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_can_be_had_as_json()
    {
        var fine = _folder.Write("fine.yaml", Fine);
        var wrong = _folder.Write("wrong.yaml", Fine.Replace("score: 0.25", "score: 25", StringComparison.Ordinal));
        var (code, output, error) = Run("check", fine, wrong, "--format", "json");
        Assert.Equal((1, ""), (code, error));
        var root = JsonDocument.Parse(output).RootElement;
        Assert.False(root.GetProperty("ok").GetBoolean());
        var files = root.GetProperty("files").EnumerateArray().ToArray();
        Assert.Equal([true, false], files.Select(file => file.GetProperty("ok").GetBoolean()));
        Assert.Equal(("mine@7", 2, 2), (files[0].GetProperty("ruleSet").GetString(), files[0].GetProperty("rules").GetInt32(), files[0].GetProperty("windows").GetInt32()));
        var found = Assert.Single(files[1].GetProperty("errors").EnumerateArray());
        Assert.Equal((7, 12, "    score: 25"), (found.GetProperty("line").GetInt32(), found.GetProperty("column").GetInt32(), found.GetProperty("sourceLine").GetString()));
    }

    [Theory]
    [InlineData("30d", 0)]
    [InlineData("30.00:00:00", 0)]
    [InlineData("720h", 0)]
    [InlineData("29d", 1)]
    [InlineData("43199m", 1)]
    public void The_horizon_counts(string horizon, int expected) => Assert.Equal(expected, Run("check", _folder.Write("fine.yaml", Fine), "--horizon", horizon).Code);

    [Theory]
    [InlineData("terminal", 1)]
    [InlineData("terminal,device", 0)]
    public void The_configured_entities_count(string entities, int expected) =>
        Assert.Equal(expected, Run("check", _folder.Write("fine.yaml", Fine.Replace("count(account, 1h) > 3", "count(device, 1h) > 3", StringComparison.Ordinal)), "--entities", entities).Code);

    [Fact]
    public void A_list_that_no_file_has_is_a_warning()
    {
        var folder = Directory.CreateDirectory(_folder.PathOf("lists")).FullName;
        File.WriteAllText(Path.Combine(folder, "known.txt"), "m-1\n");
        var rules = _folder.Write("lists.yaml", Fine.Replace("amount >", "merchantId in list(\"known\") || merchantId in list( 'new' ) || amount >", StringComparison.Ordinal));
        var (code, output, error) = Run("check", rules, "--lists", folder);
        Assert.Equal(0, code);
        Assert.Equal($"{rules}: mine@7 is fine: 2 rules, 2 windows, 2 lists\n", output.ReplaceLineEndings("\n"));
        Assert.StartsWith($"{rules}:11:83: warning: there is no list 'new' in {folder}; make it (PUT /v1/lists/new) before the rules go into force", error, StringComparison.Ordinal);
        Assert.Equal(3, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        var warning = Assert.Single(JsonDocument.Parse(Run("check", rules, "--lists", folder, "--format=json").Output).RootElement.GetProperty("files")[0].GetProperty("warnings").EnumerateArray());
        Assert.Equal(11, warning.GetProperty("line").GetInt32());
        Assert.Contains("Lists: known, new", Run("explain", rules, "--lists", folder).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "What is to be done")]
    [InlineData("chekc rules.yaml", "There is no command 'rules chekc'.")]
    [InlineData("check", "No rule file is given.")]
    [InlineData("check --format json", "No rule file is given.")]
    [InlineData("check a --format xml", "--format takes text or json, but found 'xml'.")]
    [InlineData("check a --format", "The option --format has no value.")]
    [InlineData("check a --colour=red", "There is no option '--colour'.")]
    [InlineData("check a --horizon=30x", "--horizon takes a length from 1m to 3660d, as in 30d or 12h, but found '30x'.")]
    [InlineData("check a --entities=terminal,shop", "--entities takes terminal,merchant,device,counterparty or some of them, but found 'shop'.")]
    [InlineData("check a --horizon=1s", "--horizon takes a length")]
    [InlineData("check a --horizon=99999d", "--horizon takes a length")]
    [InlineData("check a --horizon=", "--horizon takes a length")]
    [InlineData("check a --lists=nowhere", "--lists is 'nowhere', but there is no such directory.")]
    [InlineData("explain a b", "Only 1 file can be given, but found 'b' as well.")]
    public void A_wrong_command_line_is_told(string line, string message)
    {
        var (code, output, error) = Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "rules check FILE... ")]
    [InlineData("check --help", "Exit code: 0")]
    [InlineData("explain a -h", "simulated payments")]
    public void Help_says_what_there_is(string line, string text)
    {
        var (code, output, _) = Run(line.Split(' '));
        Assert.Equal(0, code);
        Assert.Contains(text, output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_set_is_explained_with_what_it_needs_and_costs()
    {
        var (code, output, error) = Run("explain", _folder.Write("fine.yaml", Fine));
        Assert.Equal((0, ""), (code, error));
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 100));
        Assert.Contains(
            """
            rule         score  action   windows by number; tags
            many          0.25           1; velocity
            block               decline  1 2

            Windows: 2
               1  count(account, 1h) for 2 rules
               2  avg(account.amount, 30d) for 1 rule

            Lists: none

            Fields that the conditions name: merchantCategory, amount

            """,
            output,
            StringComparison.Ordinal);
        Assert.Matches(@"Cost: \d+\.\d\d us per transaction, measured on this machine", output);
    }

    [Fact]
    public void Windows_of_other_entities_are_explained_with_their_names()
    {
        var file = _folder.Write(
            "entities.yaml",
            """
            name: entities
            version: 1
            thresholds: { review: 0.5, decline: 0.8 }
            rules:
              - { id: busy, when: 'count(terminal, 7d, delay 7d) > 5 && count(account, 1h) > 1', score: 0.5, text: Busy }
              - { id: bad, when: 'rate(terminal.fraud, 7d) > 0.1', score: 0.5, text: Bad }
            """);
        var (code, output, error) = Run("explain", file);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(
            """
            busy          0.5           1 2
            bad           0.5           3

            Windows: 3
               1  count(account, 1h) for 1 rule
               2  count(terminal, 7d, delay 7d) for 1 rule
               3  rate(terminal.fraud, 7d) for 1 rule

            Lists: none

            Fields that the conditions name: terminalId

            """,
            output,
            StringComparison.Ordinal);
        Assert.Contains("What the windows of terminal cost", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        var rules = JsonDocument.Parse(Run("explain", file, "--format=json").Output).RootElement.GetProperty("rules");
        Assert.Equal(["count(account, 1h)", "count(terminal, 7d, delay 7d)"], rules[0].GetProperty("windows").EnumerateArray().Select(window => window.GetString()));
        Assert.Contains("2 rules, 3 windows", Run("check", file).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_rule_set_costs_can_be_had_as_json()
    {
        var root = JsonDocument.Parse(Run("explain", Path.Combine(Repository.Root, "config", "rules.yaml"), "--format=json").Output).RootElement;
        var inAll = root.GetProperty("cost").GetProperty("microsecondsPerTransaction").GetDecimal();
        var rules = root.GetProperty("rules").EnumerateArray().ToArray();
        Assert.True(inAll > 0);
        Assert.InRange(rules.Sum(rule => rule.GetProperty("microseconds").GetDecimal()), 0.0001m, inAll * 1.01m);
        Assert.Equal(["velocity"], rules[0].GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.Equal("count(account, 10m)", Assert.Single(rules[0].GetProperty("windows").EnumerateArray()).GetString());
        Assert.True(root.GetProperty("cost").GetProperty("decisions").GetInt32() >= 200);
    }

    [Fact]
    public void A_large_rule_set_is_measured_in_bounded_time()
    {
        var rules = string.Concat(Enumerable.Range(0, 999).Select(i => $"  - {{ id: r{i}, when: 'distinct(account.merchantId, {i + 1}m) > {i}', score: 0.1, text: x }}\n"));
        var file = _folder.Write("large.yaml", $"name: large\nversion: 1\nthresholds: {{ review: 0.5, decline: 0.8 }}\nrules:\n{rules}");
        var (code, output, _) = Run("explain", file);
        Assert.Equal(0, code);
        Assert.Contains("Windows: 999", output, StringComparison.Ordinal);
        Assert.Contains("the other 989 rules", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_set_with_errors_is_not_explained()
    {
        var (code, _, error) = Run("explain", _folder.Write("wrong.yaml", "name: x"));
        Assert.Equal(1, code);
        Assert.Contains("a rule set needs 'version'", error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = RulesCommand.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}

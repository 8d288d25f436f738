using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules;

public class RuleFileTests
{
    private const string Valid = """
        name: card-default
        version: 3
        thresholds: { review: 0.5, decline: 0.8 }
        rules:
          - id: large
            when: amount > 100 && count(account, 1h) > 3
            score: 0.4
            text: A large amount
          - id: known-device
            when: deviceId == last(account.deviceId) && count(account, 1h) > 3
            score: -0.25
            text: 'It''s a known device'
        """;

    [Fact]
    public void A_file_gives_a_rule_set()
    {
        var set = Parse(Valid);
        Assert.Equal(("card-default", 3, "card-default@3"), (set.Name, set.Version, set.Reference));
        Assert.Equal((new Score(500_000_000), new Score(800_000_000)), (set.ReviewThreshold, set.DeclineThreshold));
        Assert.Equal(["large", "known-device"], set.Rules.Select(static rule => rule.Id));
        Assert.Equal([400_000_000, -250_000_000], set.Rules.Select(static rule => rule.Score.Billionths));
        Assert.Equal("It's a known device", set.Rules[1].Text);
        Assert.Equal("amount > 100 && count(account, 1h) > 3", set.Rules[0].When);
        Assert.Same(Valid, set.Source);
    }

    [Fact]
    public void A_window_that_two_rules_use_is_kept_once() => Assert.Equal(
        [
            new WindowSpec(WindowFunction.Count, TransactionField.None, TimeSpan.TicksPerHour),
            new WindowSpec(WindowFunction.Last, TransactionField.DeviceId, 30 * TimeSpan.TicksPerDay),
        ],
        Parse(Valid).Windows.Specs.AsEnumerable());

    [Theory]
    [InlineData("rules: []")]
    [InlineData("rules:")]
    public void A_set_may_have_no_rules(string rules) =>
        Assert.Empty(Parse($"name: a\nversion: 1\nthresholds: {{ review: 0.5, decline: 0.5 }}\n{rules}").Rules);

    [Theory]
    [InlineData("name: card-default", "name: Card", "1:7: 'name' takes small letters, digits and hyphens, at most 64 and no hyphen first, but found 'Card'")]
    [InlineData("name: card-default", "name: -a", "1:7: 'name' takes small letters, digits and hyphens, at most 64 and no hyphen first, but found '-a'")]
    [InlineData("name: card-default", "nmae: a", "1:1: a rule set has no 'nmae'; its keys are name, version, thresholds, rules, activity; did you mean 'name'?", "1:1: a rule set needs 'name'")]
    [InlineData("name: card-default", "name: a\nname: b", "2:1: 'name' is given twice")]
    [InlineData("name: card-default", "name:", "1:6: 'name' needs a value")]
    [InlineData("name: card-default", "name: [a]", "1:7: 'name' takes a single value")]
    [InlineData("version: 3", "version: 0", "2:10: 'version' takes a whole number from 1 to 2147483647, but found '0'")]
    [InlineData("version: 3", "version: 3.1", "2:10: 'version' takes a whole number from 1 to 2147483647, but found '3.1'")]
    [InlineData("version: 3", "version: 2147483648", "2:10: 'version' takes a whole number from 1 to 2147483647, but found '2147483648'")]
    [InlineData("review: 0.5", "review: 0", "3:23: 'review' takes a decimal number more than 0 and at most 1, with at most 9 decimals, but found '0'")]
    [InlineData("review: 0.5", "review: 1.1", "3:23: 'review' takes a decimal number more than 0 and at most 1, with at most 9 decimals, but found '1.1'")]
    [InlineData("review: 0.5", "review: 0.9", "3:13: 'review' (0.9) must not be above 'decline' (0.8)")]
    [InlineData(", decline: 0.8", "", "3:13: thresholds needs 'decline'")]
    [InlineData("{ review: 0.5, decline: 0.8 }", "0.5", "3:13: 'thresholds' takes { review: 0.5, decline: 0.8 }")]
    [InlineData("score: 0.4", "score: 1.5", "7:12: 'score' takes a decimal number from -1 to 1, with at most 9 decimals, but found '1.5'")]
    [InlineData("score: 0.4", "score: -1.1", "7:12: 'score' takes a decimal number from -1 to 1, with at most 9 decimals, but found '-1.1'")]
    [InlineData("score: 0.4", "score: 0,4", "7:12: 'score' takes a decimal number from -1 to 1, with at most 9 decimals, but found '0,4'")]
    [InlineData("score: 0.4", "score: 4e-1", "7:12: 'score' takes a decimal number from -1 to 1, with at most 9 decimals, but found '4e-1'")]
    [InlineData("score: 0.4", "score: 0.1234567891", "7:12: 'score' takes a decimal number from -1 to 1, with at most 9 decimals, but found '0.1234567891'")]
    [InlineData("id: large", "id: Large", "5:9: 'id' takes small letters, digits and hyphens, at most 64 and no hyphen first, but found 'Large'")]
    [InlineData("id: known-device", "id: large", "9:9: the id 'large' is already that of the rule in line 5")]
    [InlineData("text: A large amount", "text: ''", "8:11: 'text' takes 1 to 500 printable characters")]
    [InlineData("text: A large amount", "text: \"a\\u0007\"", "8:11: 'text' takes 1 to 500 printable characters")]
    [InlineData("text: A large amount", "text: A {amuont}", "8:14: there is no field 'amuont'; did you mean 'amount'?")]
    [InlineData("text: A large amount", "text: ' A {{{merchant}'", "8:18: there is no field 'merchant'; did you mean 'merchantId'?")]
    [InlineData("text: A large amount", "text: |\n      A\n      large {xyzzy} {amount}", "10:14: there is no field 'xyzzy'")]
    [InlineData("text: A large amount", "text: \"\\u0041 {amount\"", "8:19: a '{' without its '}'; a brace itself is written '{{'")]
    [InlineData("text: A large amount", "text: A } {b} {", "8:13: a '}' without its '{'; a brace itself is written '}}'", "8:16: there is no field 'b'", "8:19: a '{' without its '}'; a brace itself is written '{{'")]
    [InlineData("text: A large amount", "text: A {} b", "8:13: expected the name of a field between the braces, as in {amount}")]
    [InlineData("text: A large amount", "text: {amount}", "8:11: 'text' takes a single value; one that begins with '{' must stand in quotes")]
    [InlineData("text: A large amount", "text: {amount} paid", "8:20: this is not valid YAML: While parsing a block mapping, did not find expected key. A text that begins with { must stand in quotes, or on the line below 'text: |'.")]
    [InlineData("score: 0.4", "action: refuse", "7:13: 'action' takes decline, review or approve, but found 'refuse'")]
    [InlineData("score: 0.4", "action: Declin", "7:13: 'action' takes decline, review or approve, but found 'Declin'; did you mean 'decline'?")]
    [InlineData("score: 0.4", "action: none", "7:13: 'action' takes decline, review or approve, but found 'none'")]
    [InlineData("score: 0.4", "tags: [a]", "5:5: a rule needs 'score' or 'action'")]
    [InlineData("score: 0.4", "scoer: 0.4", "5:5: a rule needs 'score' or 'action'", "7:5: a rule has no 'scoer'; its keys are id, when, text, score, action, tags, texts; did you mean 'score'?")]
    [InlineData("score: 0.4", "action: review\n    action: review", "8:5: 'action' is given twice")]
    [InlineData("score: 0.4", "score: 0.4\n    tags: velocity", "8:11: 'tags' takes a list, each item beginning with '- '")]
    [InlineData("score: 0.4", "score: 0.4\n    tags: [a, B, c d]", "8:15: 'tags' takes small letters, digits and hyphens, at most 64 and no hyphen first, but found 'B'", "8:18: 'tags' takes small letters, digits and hyphens, at most 64 and no hyphen first, but found 'c d'")]
    [InlineData("score: 0.4", "score: 0.4\n    tags: [a, b, a]", "8:18: the tag 'a' is given twice")]
    [InlineData("score: 0.4", "score: 0.4\n    tags: [[a]]", "8:12: 'tags' takes a single value")]
    [InlineData("score: 0.4", "score: 0.4\n    tags: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q]", "8:60: a rule has at most 16 tags, but this has 17")]
    [InlineData("text: A large amount", "txet: A", "5:5: a rule needs 'text'", "8:5: a rule has no 'txet'; its keys are id, when, text, score, action, tags, texts; did you mean 'text'?")]
    [InlineData("when: amount > 100", "when: !(amount < 100)", "6:11: a value that begins with '!' must stand in quotes: 'when: \"!…\"'")]
    [InlineData("when: amount > 100", "when: !(amount > 100)", "6:20: this is not valid YAML: While scanning a block scalar, did not find expected comment or line break. A condition that begins with ! must stand in quotes, or on the line below 'when: |'.")]
    [InlineData("  - id: large", "  - large\n  - id: large", "5:5: expected a rule: id, when, text, and score or action")]
    [InlineData("name: card-default", "name: &a b", "1:7: this is not valid YAML: anchors and aliases ('&' and '*') are not supported; a text that begins so needs quotes")]
    [InlineData("when: deviceId ==", "when: \"a\" ==", "10:15: this is not valid YAML: While parsing a block mapping, did not find expected key. A condition that begins with \" must stand in quotes, or on the line below 'when: |'.")]
    public void An_error_is_told_with_its_place(string text, string replacement, params string[] errors)
    {
        var exception = Assert.Throws<RuleSetException>(() => Parse(Valid.Replace(text, replacement, StringComparison.Ordinal)));
        Assert.Equal(string.Join('\n', errors), string.Join('\n', exception.Errors.Select(static error => $"{error.Line}:{error.Column}: {error.Message}")));
    }

    [Theory]
    [InlineData("", "1:1: the file is empty; expected name, version, thresholds and rules")]
    [InlineData("# nothing", "1:1: the file is empty; expected name, version, thresholds and rules")]
    [InlineData("- a", "1:1: expected a map with name, version, thresholds and rules")]
    [InlineData("just text", "1:1: expected a map with name, version, thresholds and rules")]
    [InlineData("rules: 5", "1:1: a rule set needs 'name'", "1:1: a rule set needs 'version'", "1:1: a rule set needs 'thresholds'", "1:8: 'rules' takes a list, each item beginning with '- '")]
    public void A_file_that_is_no_rule_set_is_refused(string yaml, params string[] errors)
    {
        var exception = Assert.Throws<RuleSetException>(() => Parse(yaml));
        Assert.Equal(string.Join('\n', errors), string.Join('\n', exception.Errors.Select(static error => $"{error.Line}:{error.Column}: {error.Message}")));
    }

    [Fact]
    public void A_rule_may_act_and_have_tags()
    {
        var set = Parse(Valid.Replace("score: 0.4", "action: decline\n    tags: [velocity, card-testing]", StringComparison.Ordinal)
            .Replace("score: -0.25", "score: -0.25\n    action: approve\n    tags:\n      - known", StringComparison.Ordinal));
        Assert.Equal([(Outcome.Decline, 0), (Outcome.Approve, -250_000_000)], set.Rules.Select(static rule => (rule.Action, rule.Score.Billionths)));
        Assert.Equal(["velocity", "card-testing"], set.Rules[0].Tags.AsEnumerable());
        Assert.Equal(["known"], set.Rules[1].Tags.AsEnumerable());
        Assert.Equal([Outcome.None, Outcome.None], Parse(Valid).Rules.Select(static rule => rule.Action));
        Assert.All(Parse(Valid).Rules, static rule => Assert.Empty(rule.Tags));
    }

    [Fact]
    public void All_errors_of_a_file_are_told_in_its_order()
    {
        var yaml = Valid.Replace("version: 3", "version: x", StringComparison.Ordinal)
            .Replace("amount > 100", "amount > true", StringComparison.Ordinal)
            .Replace("score: -0.25", "score: 2", StringComparison.Ordinal)
            .Replace("review: 0.5", "review: 5", StringComparison.Ordinal);
        var exception = Assert.Throws<RuleSetException>(() => Parse(yaml));
        Assert.Equal([(2, 10), (3, 23), (6, 20), (11, 12)], exception.Errors.Select(static error => (error.Line, error.Column)));
        Assert.All(exception.Errors, error => Assert.Contains(error.ToString(), exception.Message, StringComparison.Ordinal));
        Assert.StartsWith("rules.yaml:2:10: ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_document_is_refused()
    {
        var exception = Assert.Throws<RuleSetException>(() => Parse(Valid + "\n---\nname: b\n"));
        Assert.Equal(13, Assert.Single(exception.Errors).Line);
    }

    [Fact]
    public void A_byte_order_mark_moves_no_place()
    {
        Assert.Equal(2, Parse("\uFEFF" + Valid).Rules.Length);
        var exception = Assert.Throws<RuleSetException>(() => Parse("\uFEFF" + Valid.Replace("amount > 100", "amount > true", StringComparison.Ordinal)));
        Assert.Equal((6, 20), (exception.Errors[0].Line, exception.Errors[0].Column));
    }

    [Fact]
    public void Limits_hold()
    {
        Assert.Equal(1000, Parse(WithRules(1000)).Rules.Length);
        Assert.Throws<RuleSetException>(() => Parse(WithRules(1001)));
        Given.Set("amount > 1" + new string(' ', 9_990));
        Assert.Throws<RuleSetException>(() => Given.Set("amount > 1" + new string(' ', 9_991)));
        Parse(Valid.Replace("A large amount", new string('x', 500), StringComparison.Ordinal));
        Assert.Throws<RuleSetException>(() => Parse(Valid.Replace("A large amount", new string('x', 501), StringComparison.Ordinal)));
        Parse(Valid.Replace("id: large", "id: " + new string('x', 64), StringComparison.Ordinal));
        Assert.Throws<RuleSetException>(() => Parse(Valid.Replace("id: large", "id: " + new string('x', 65), StringComparison.Ordinal)));
    }

    private static string WithRules(int count) => "name: a\nversion: 1\nthresholds: { review: 0.5, decline: 1 }\nrules:\n"
        + string.Concat(Enumerable.Range(0, count).Select(static i => $"  - {{ id: r{i}, when: amount > {i}, score: 0.1, text: x }}\n"));

    private static RuleSet Parse(string yaml) => RuleSet.Parse(yaml, "rules.yaml", WindowSettings.Default);
}

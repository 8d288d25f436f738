using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules.Features;

/// <summary>Every error of a model's file, with its place. The lines of the file are separated by bars.</summary>
public class FeatureFileTests
{
    private const string Head = "name: m|version: 1|trees: t.json|score: model|";
    private const string One = "features:|  - { name: A, value: amount }";

    [Theory]
    [InlineData("", 1, 1, "the file is empty; expected name, version, trees, score and features")]
    [InlineData("- a", 1, 1, "expected a map with name, version, trees, score and features")]
    [InlineData("name: M|version: 1|trees: t.json|score: model|" + One, 1, 7, "'name' takes small letters, digits and hyphens, at most 64 and no hyphen first, but found 'M'")]
    [InlineData("name: m|version: 0|trees: t.json|score: model|" + One, 2, 10, "'version' takes a whole number from 1 to 2147483647, but found '0'")]
    [InlineData("name: m|version: 1|score: model|" + One, 1, 1, "a model needs 'trees'")]
    [InlineData("name: m|version: 1|trees: ../t.json|score: model|" + One, 3, 8, "'trees' takes the name of a file beside this one, without a folder, but found '../t.json'")]
    [InlineData("name: m|version: 1|trees: ..|score: model|" + One, 3, 8, "'trees' takes the name of a file beside this one, without a folder, but found '..'")]
    [InlineData("name: m|version: 1|trees: t.json|score: modl|" + One, 4, 8, "'score' takes model, rules or both (the higher of the two), but found 'modl'; did you mean 'model'?")]
    [InlineData("name: m|version: 1|trees: t.json|score: model|thresholds: 1|" + One, 5, 1, "a model has no 'thresholds'; its keys are name, version, trees, score, features")]
    [InlineData(Head + "features: []", 1, 1, "a model needs at least one feature")]
    [InlineData(Head + "features: amount", 5, 11, "'features' takes a list, each item beginning with '- '")]
    [InlineData(Head + "features:|  - amount", 6, 5, "expected a feature: name, value and, if you like, text")]
    [InlineData(Head + "features:|  - name: A", 6, 5, "a feature needs 'value'")]
    [InlineData(Head + "features:|  - value: amount", 6, 5, "a feature needs 'name'")]
    [InlineData(Head + "features:|  - name: A|    value: amount|    when: true", 8, 5, "a feature has no 'when'; its keys are name, value, text, texts")]
    [InlineData(Head + "features:|  - name: A[0]|    value: amount", 6, 11, "a feature's name has 1 to 64 printable characters, none of them [, ] or < (XGBoost forbids these), but found 'A[0]'")]
    [InlineData(Head + "features:|  - name: ''|    value: amount", 6, 11, "a feature's name has 1 to 64 printable characters, none of them [, ] or < (XGBoost forbids these), but found ''")]
    [InlineData(Head + One + "|  - { name: A, value: 1 }", 7, 13, "the name 'A' is already that of the feature in line 6")]
    [InlineData(Head + "features:|  - name: A|    value: amuont", 7, 12, "there is no field 'amuont'; did you mean 'amount'?")]
    [InlineData(Head + "features:|  - name: A|    value: country", 7, 12, "a feature is a number, a condition or a duration, but this is text")]
    [InlineData(Head + "features:|  - name: A|    value: timestamp", 7, 12, "a feature is a number, a condition or a duration, but this is a timestamp")]
    [InlineData(Head + "features:|  - name: A|    value: 1 +", 7, 15, "expected a value, but found the end")]
    [InlineData(Head + "features:|  - name: A|    value: !has(country)", 7, 12, "a value that begins with '!' must stand in quotes: 'value: \"!…\"'")]
    [InlineData(Head + "features:|  - name: A|    value: count(device, 1h)", 7, 18, "there are no windows of device: the engine keeps those of account, terminal; add device to Engine:Entities")]
    [InlineData(Head + "features:|  - name: A|    value: country in list(\"x\")", 7, 28, "there is no list 'x'; make it with PUT /v1/lists/x or a file config/lists/x.txt")]
    [InlineData(Head + "features:|  - name: A|    value: amount|    text: Of {amuont}", 8, 15, "there is no field 'amuont'; did you mean 'amount'?")]
    [InlineData(Head + "features:|  - name: A|    value: amount|    texts: { de: Betrag }", 6, 5, "a feature with 'texts' needs 'text'")]
    [InlineData(Head + "features:|  - name: A|    value: amount|    text: Of|    texts: { de: '' }", 9, 18, "'de' takes 1 to 500 printable characters")]
    [InlineData(Head + "features:|  - name: A|    value: amount|    text: ''", 8, 11, "'text' takes 1 to 500 printable characters")]
    public void An_error_is_told_with_its_place(string lines, int line, int column, string message)
    {
        var error = Assert.Single(Refused(lines.Replace('|', '\n')));
        Assert.Equal((line, column, message), (error.Line, error.Column, error.Message));
        Assert.Equal("model.yaml", error.File);
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var errors = Refused("name: M\nversion: x\ntrees: a/b\nscore: all\nfeatures:\n  - name: <\n    value: amuont + contry\n  - 5\n");
        Assert.Equal([1, 2, 3, 4, 6, 7, 7, 8], errors.Select(static error => error.Line));
    }

    [Fact]
    public void Features_are_bounded_in_number_and_cost()
    {
        static string Many(int count, string value) =>
            Head.Replace('|', '\n') + "features:\n" + string.Concat(Enumerable.Range(0, count).Select(number => $"  - {{ name: F{number}, value: '{value}' }}\n"));
        Assert.Equal(500, FeatureSet.Parse(Many(500, "amount"), "model.yaml", WindowSettings.Default).Features.Length);
        var error = Assert.Single(Refused(Many(501, "amount")));
        Assert.Equal((506, "a model has at most 500 features, but this has 501"), (error.Line, error.Message));
        var items = string.Join(", ", Enumerable.Range(1, 100).Select(static number => $"-{number}"));
        error = Assert.Single(Refused(Many(500, $"(amount in [{items}] ? 1 : 2) in [{items}]")));
        Assert.StartsWith("these features could take ", error.Message, StringComparison.Ordinal);
        Assert.Contains("for the costliest feature, 'F0'", error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<RuleError> Refused(string yaml) => Assert.Throws<RuleSetException>(() =>
        FeatureSet.Parse(yaml, "model.yaml", WindowSettings.Default, new HashSet<string>(), new HashSet<EntityKind> { EntityKind.Terminal })).Errors;
}

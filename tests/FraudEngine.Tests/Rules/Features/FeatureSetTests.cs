using FraudEngine.Domain;
using FraudEngine.Rules;
using FraudEngine.Rules.Features;
using FraudEngine.Rules.Lists;
using FraudEngine.Windows;

namespace FraudEngine.Tests.Rules.Features;

public class FeatureSetTests
{
    private const string Valid = """
        name: handbook-xgboost
        version: 2
        trees: handbook-xgboost.json
        score: both
        features:
          - name: TX_AMOUNT
            value: amount
            text: Unusual amount of {amount}
          - name: TERMINAL_RISK_7D
            value: rate(terminal.fraud, 7d, delay 7d)
          - name: "{a}"
            value: merchantId in list("blocked")
        """;

    [Fact]
    public void A_file_says_what_a_model_takes()
    {
        var set = Parse(Valid);
        Assert.Equal(("handbook-xgboost", 2, "handbook-xgboost@2", "handbook-xgboost.json", ScoreUse.Both), (set.Name, set.Version, set.Reference, set.TreesFile, set.ScoreUse));
        Assert.Equal(["TX_AMOUNT", "TERMINAL_RISK_7D", "{a}"], set.Features.Select(static feature => feature.Name));
        Assert.Equal(["amount", "rate(terminal.fraud, 7d, delay 7d)", "merchantId in list(\"blocked\")"], set.Features.Select(static feature => feature.Value));
        Assert.Equal(["rate(terminal.fraud, 7d, delay 7d)"], EntityWindow.AllOf(set.Plans).Select(static window => window.ToString()));
        Assert.Equal(EntityWindow.AllOf(set.Plans), set.Features[1].Windows.AsEnumerable());
        Assert.Equal(["blocked"], set.ListNames.AsEnumerable());
        Assert.Equal(["blocked"], set.Features[2].ListNames.AsEnumerable());
        Assert.Equal(Valid, set.Source);
        var transaction = Given.Transaction("amount=12.5");
        Assert.Equal(
            [("model:TX_AMOUNT", "Unusual amount of 12.50"), ("model:TERMINAL_RISK_7D", "TERMINAL_RISK_7D is unusual for this payment"), ("model:{a}", "{a} is unusual for this payment")],
            set.Reasons.Select(reason => (reason.Rule, reason.TextFor(transaction))));
        Assert.All(set.Reasons, static reason => Assert.True(reason.IsAgainst));
    }

    [Fact]
    public void A_feature_speaks_other_languages()
    {
        const string text = "Unusual amount of {amount}";
        var set = Parse(Valid.Replace(text, text + "\n    texts: { de: 'Ungewöhnlicher Betrag, {amount}' }", StringComparison.Ordinal));
        Assert.Equal("Ungewöhnlicher Betrag, 12,50", set.Reasons[0].TextFor(Given.Transaction("amount=12.5"), "de"));
        Assert.Equal("Unusual amount of 12.50", set.Reasons[0].TextFor(Given.Transaction("amount=12.5"), "fr"));
        Assert.False(set.SaysTheSameAs(Parse(Valid)));
    }

    [Fact]
    public void Layout_makes_no_other_model()
    {
        var set = Parse(Valid);
        Assert.True(set.SaysTheSameAs(Parse("# The same\n" + Valid.Replace("score: both", "score:   'both'", StringComparison.Ordinal))));
        Assert.False(set.SaysTheSameAs(Parse(Valid.Replace("both", "rules", StringComparison.Ordinal))));
        Assert.False(set.SaysTheSameAs(Parse(Valid.Replace("value: amount", "value: amount + 1", StringComparison.Ordinal))));
        Assert.False(set.SaysTheSameAs(Parse(Valid.Replace("boost.json", "boost-2.json", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("amount", 10)]
    [InlineData("0.1", 0.1)]
    [InlineData("16777217", 16777217)]
    [InlineData("7922816251426433759354395033", 7922816251426433759354395033d)]
    [InlineData("1 / 4", 0.25)]
    [InlineData("amount > 5", 1)]
    [InlineData("amount < 5", 0)]
    [InlineData("country == \"BE\" ? amount * 2 : 0", 20)]
    [InlineData("hour(timestamp) <= 6", 0)]
    [InlineData("weekday(timestamp) in [0, 6]", 0)]
    [InlineData("weekday(timestamp, \"Europe/Brussels\")", 3)]
    [InlineData("since(account)", 1800.5)]
    [InlineData("-since(account)", -1800.5)]
    [InlineData("since(account).getMinutes()", 30)]
    [InlineData("since(account).getSeconds() / 3600", 0.5)]
    [InlineData("duration(\"1500ms\")", 1.5)]
    [InlineData("timestamp - timestamp(\"2026-03-04T00:00:00Z\")", 43200)]
    [InlineData("count(account, 1d) / count(terminal, 1d)", 2)]
    [InlineData("amount / avg(account.amount, 30d)", 10d / 7)]
    [InlineData("sum(account.amount, 1h, channel == \"online\")", 0)]
    [InlineData("count(device, 1h)", double.NaN)]
    [InlineData("deviceId == \"d1\"", double.NaN)]
    [InlineData("has(deviceId)", 0)]
    [InlineData("has(deviceId) ? count(device, 1h) : -1", -1)]
    [InlineData("amount / (amount - 10)", double.NaN)]
    [InlineData("amount / (amount - 10) > 1", double.NaN)]
    [InlineData("since(account, channel == \"atm\")", double.NaN)]
    [InlineData("merchantId in list(\"blocked\")", 1)]
    public void A_feature_is_a_number_and_none_where_it_is_missing_or_fails(string value, double expected)
    {
        var set = Of(value);
        var earlier = Given.Transaction("timestamp=2026-03-04T11:29:59.5Z amount=4 channel=pos");
        var current = Given.Transaction("amount=10 country=BE terminalId=t1 merchantId=m1");
        var history = new EventHistory(set.Plans[EntityKind.Account]);
        history.Add(earlier);
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, current);
        var evaluation = new RuleEvaluation();
        var lists = NamedLists.Empty.With(1, new NamedList("blocked").With([new ListChange(TextKey.Of("m1"), ListChange.Never)]));
        evaluation.Begin(current, reader, set.Bind(lists), Entities.After([earlier], current, set.Plans));
        var values = new double[1];
        set.Evaluate(evaluation, values);
        Assert.Equal(expected, values[0]);

        reader.Begin(history, current);
        var before = GC.GetAllocatedBytesForCurrentThread();
        set.Evaluate(evaluation, values);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void What_is_not_known_is_not_a_number()
    {
        var set = Of("count(terminal, 1h)");
        var entities = new EntityValues();
        entities[EntityKind.Terminal].SetUnanswered();
        var evaluation = new RuleEvaluation();
        evaluation.Begin(Given.Transaction("terminalId=t1"), new WindowReader(set.Plans[EntityKind.Account]), [], entities);
        var values = new double[1];
        set.Evaluate(evaluation, values);
        Assert.Equal(double.NaN, values[0]);

        var forgotten = FeatureSet.Parse(File("count(account, 1d)"), "model.yaml", WindowSettings.Default with { EventsMax = 1 });
        var history = new EventHistory(forgotten.Plans[EntityKind.Account]);
        history.Add(Given.Transaction("timestamp=2026-03-04T10:00:00Z"));
        history.Add(Given.Transaction("timestamp=2026-03-04T11:00:00Z"));
        var reader = new WindowReader(history.Plan);
        reader.Begin(history, Given.Transaction(""));
        evaluation.Begin(Given.Transaction(""), reader, []);
        forgotten.Evaluate(evaluation, values);
        Assert.Equal(double.NaN, values[0]);
    }

    private static FeatureSet Of(string value) => Parse(File(value));

    private static string File(string value) => $"name: m\nversion: 1\ntrees: t.json\nscore: model\nfeatures:\n  - name: f\n    value: |\n      {value}\n";

    private static FeatureSet Parse(string yaml) => FeatureSet.Parse(yaml, "model.yaml", WindowSettings.Default);
}

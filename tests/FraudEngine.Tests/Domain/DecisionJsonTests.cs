using System.Buffers;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Domain;

public class DecisionJsonTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("0", "a,b")]
    [InlineData("1", "")]
    [InlineData("2", "b,c")]
    [InlineData("0 1 2", "a,b,c")]
    [InlineData("1 2 3", "b,c,a")]
    public void Tags_stand_once_in_the_order_of_the_rules(string hits, string tags)
    {
        var (answer, page) = Both(hits, [["a", "b"], [], ["b", "c"], ["c", "a"]]);
        string[] expected = tags.Length == 0 ? [] : tags.Split(',');
        foreach (var json in (string[])[answer, page])
        {
            var root = JsonDocument.Parse(json).RootElement;
            Assert.Equal(expected.Length > 0, root.TryGetProperty("tags", out var shown));
            Assert.Equal(expected, expected.Length == 0 ? [] : shown.EnumerateArray().Select(tag => tag.GetString()));
        }
    }

    [Fact]
    public void Tags_follow_the_reasons_and_change_nothing_else()
    {
        var (answer, _) = Both("0", [["a"]]);
        Assert.Equal(
            """{"transactionId":"t1","accountId":"a1","outcome":"approve","score":0,"reasons":[{"rule":"r0","text":"Paid 10.00"}],"tags":["a"],"ruleSet":"s@1"}""",
            answer);
    }

    [Fact]
    public void More_tags_than_a_word_has_bits_are_told_apart()
    {
        var tags = Enumerable.Range(0, 100).Select(rule => new[] { $"t{rule}", $"t{rule + 1}" }).ToArray();
        var (answer, _) = Both(string.Join(' ', Enumerable.Range(0, 100)), tags);
        Assert.Equal(Enumerable.Range(0, 101).Select(i => $"t{i}"), JsonDocument.Parse(answer).RootElement.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!));
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var (transaction, decision, catalog) = Given("0 1", [["a"], ["b"]]);
        var output = new ArrayBufferWriter<byte>(4096);
        DecisionJson.Write(output, transaction, decision, catalog);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            output.ResetWrittenCount();
            DecisionJson.Write(output, transaction, decision, catalog);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (string Answer, string Page) Both(string hits, string[][] tags)
    {
        var (transaction, decision, catalog) = Given(hits, tags);
        var answer = new ArrayBufferWriter<byte>();
        DecisionJson.Write(answer, transaction, decision, catalog);
        var page = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(page))
        {
            json.WriteStartObject();
            TransactionJson.WriteDecision(json, transaction, decision, catalog);
            json.WriteEndObject();
        }

        return (Encoding.UTF8.GetString(answer.WrittenSpan), Encoding.UTF8.GetString(page.WrittenSpan));
    }

    private static (Transaction Transaction, Decision Decision, ReasonCatalog Catalog) Given(string hits, string[][] tags)
    {
        var catalog = new ReasonCatalog();
        catalog.Add(new DecidingRuleSet(1, "s@1", [.. tags.Select((of, i) => new ReasonCode($"r{i}", "Paid {amount}", true, [.. of], isTemplate: true))]));
        var decision = new Decision { Outcome = Outcome.Approve, RuleSetNumber = 1 };
        foreach (var hit in hits.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            decision.AddHit(int.Parse(hit, System.Globalization.CultureInfo.InvariantCulture));
        }

        return (Tests.Rules.Given.Transaction(""), decision, catalog);
    }
}

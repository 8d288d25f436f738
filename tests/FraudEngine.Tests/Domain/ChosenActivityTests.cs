using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Tests.Domain;

public class ChosenActivityTests
{
    [Fact]
    public void Two_are_equal_where_they_choose_the_same()
    {
        Assert.Equal(new ChosenActivity("a", Text: "a text of more than 15 bytes"), new ChosenActivity("a", Text: "a text of more than 15 bytes"));
        Assert.Equal(new ChosenActivity("a", 5).GetHashCode(), new ChosenActivity("a", 5.0m).GetHashCode());
        ChosenActivity[] different = [new("a"), new("b"), new("a", 5), new("a", 6), new("a", Text: "x"), new("a", Text: "y"), new("a", 5, "x")];
        Assert.Equal(different.Length, different.Distinct().Count());
    }

    [Theory]
    [InlineData("""{"id":"a","number":5.50,"text":null}""")]
    [InlineData("""{"id":"a","number":null,"text":"BE"}""")]
    [InlineData("""{"id":"a","number":null,"text":null}""")]
    public void One_goes_through_json(string json)
    {
        var read = JsonSerializer.Deserialize<ChosenActivity>(json, JsonSerializerOptions.Web)!;
        Assert.Equal(json, JsonSerializer.Serialize(read, JsonSerializerOptions.Web));
        Assert.Equal(TextKey.Of(read.Text ?? ""), read.Key);
    }
}

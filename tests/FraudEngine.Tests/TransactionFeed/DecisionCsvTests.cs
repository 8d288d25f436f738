using System.Text;
using TransactionFeed.Input;
using TransactionFeed.Replay;

namespace FraudEngine.Tests.TransactionFeed;

public class DecisionCsvTests
{
    private static readonly TransactionRecord Record = new() { TransactionId = "t,1", AccountId = "say \"a\"" };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("a\rb", "\"a\rb\"")]
    [InlineData("ä;'", "ä;'")]
    public void Fields_are_quoted_where_they_must_be(string field, string written) =>
        Assert.Equal($"{written},x,{written}\n", Encoding.UTF8.GetString(DecisionCsv.Row(field, "x", field)));

    [Fact]
    public void A_decisions_score_is_written_as_it_came() => Assert.Equal(
        "\"t,1\",\"say \"\"a\"\"\",review,0.70,a|b,set@2,al,\n",
        Row("""{"transactionId":"t,1","score":0.70,"outcome":"review","reasons":[{"text":"x","rule":"a"},{"rule":"b","more":[1,{"rule":{}}]}],"ruleSet":"set@2","alertId":"al","z":null}"""));

    [Theory]
    [InlineData("""{"line":3,"error":{"title":"Too late","status":422}}""", "Too late")]
    [InlineData("""{"error":{"detail":"no title"},"line":3}""", "no title")]
    [InlineData("""{"line":3,"error":{}}""", "Error")]
    [InlineData("""{"line":3,"error":"just text"}""", "just text")]
    public void An_errors_row_has_its_title_and_not_its_line(string answer, string title) =>
        Assert.Equal($"\"t,1\",\"say \"\"a\"\"\",,,,,,{title}\n", Row(answer));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"outcome":"approve" """)]
    [InlineData("<html>")]
    public void What_is_no_answer_is_an_error_of_the_connection(string line) => Assert.Throws<IOException>(() => Answer.Read(Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Reasons_that_are_no_list_are_none() =>
        Assert.Equal("\"t,1\",\"say \"\"a\"\"\",approve,,,set@2,,\n", Row("""{"outcome":"approve","reasons":{"rule":"a"},"ruleSet":"set@2"}"""));

    private static string Row(string answer) => Encoding.UTF8.GetString(DecisionCsv.Row(Record, Answer.Read(Encoding.UTF8.GetBytes(answer))));
}

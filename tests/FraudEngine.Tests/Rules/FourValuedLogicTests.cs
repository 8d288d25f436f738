using FraudEngine.Rules;

namespace FraudEngine.Tests.Rules;

public class FourValuedLogicTests
{
    // Not one of them is known when the rule is compiled.
    private static readonly Dictionary<char, string> Conditions = new()
    {
        ['T'] = "amount == 10",
        ['F'] = "amount == 11",
        ['M'] = "country == \"BE\"",
        ['E'] = "1 / (amount - 10) > 0",
    };

    [Theory]
    [InlineData("&&", "TTT TFF TMM TEE FTF FFF FMF FEF MTM MFF MMM MEE ETE EFF EME EEE")]
    [InlineData("||", "TTT TFT TMT TET FTT FFF FMM FEE MTT MFM MMM MEE ETT EFE EME EEE")]
    [InlineData("==", "TTT TFF TMM TEE FTF FFT FMM FEE MTM MFM MMM MEE ETE EFE EME EEE")]
    [InlineData("!=", "TTF TFT TMM TEE FTT FFF FMM FEE MTM MFM MMM MEE ETE EFE EME EEE")]
    public void Operators_follow_their_truth_table(string sign, string table)
    {
        foreach (var row in table.Split(' '))
        {
            var when = $"({Conditions[row[0]]}) {sign} ({Conditions[row[1]]})";
            Assert.Equal((row, row[2]), (row, Truth(when)));
        }
    }

    [Theory]
    [InlineData('T', 'F')]
    [InlineData('F', 'T')]
    [InlineData('M', 'M')]
    [InlineData('E', 'E')]
    public void Not_turns_true_and_false_only(char operand, char result) => Assert.Equal(result, Truth($"!({Conditions[operand]})"));

    [Theory]
    [InlineData("true && country == \"BE\"", 'M')]
    [InlineData("false && country == \"BE\"", 'F')]
    [InlineData("true || country == \"BE\"", 'T')]
    [InlineData("false || country == \"BE\"", 'M')]
    [InlineData("true && false", 'F')]
    [InlineData("false || false", 'F')]
    [InlineData("amount == 10 && country == \"BE\" && 1 / (amount - 10) > 0 && amount == 11", 'F')]
    [InlineData("amount == 11 || country == \"BE\" || 1 / (amount - 10) > 0 || amount == 10", 'T')]
    [InlineData("amount == 10 && country == \"BE\" && 1 / (amount - 10) > 0", 'E')]
    public void Constants_and_chains_follow_it_too(string when, char result) => Assert.Equal(result, Truth(when));

    [Theory]
    [InlineData("latitude > 0", 'M')]
    [InlineData("latitude + 1 > 0", 'M')]
    [InlineData("1 > -latitude", 'M')]
    [InlineData("latitude / (amount - 10) > 0", 'M')]
    [InlineData("latitude + 1 / (amount - 10) > 0", 'E')]
    [InlineData("amount / (amount - 10) > 0", 'E')]
    [InlineData("amount % (amount - 10) > 0", 'E')]
    [InlineData("amount * 9999999999999999999999999999 > 0", 'E')]
    [InlineData("amount * 999999999999999999999999999 + 7 * 9999999999999999999999999999 > 0", 'E')]
    [InlineData("-7 * 9999999999999999999999999999 - amount * 999999999999999999999999999 < 0", 'E')]
    [InlineData("9999999999999999999999999999 / (amount / 100) > 0", 'E')]
    [InlineData("country in [\"BE\", \"NL\"]", 'M')]
    [InlineData("country == \"BE\"", 'M')]
    [InlineData("country != \"BE\"", 'M')]
    [InlineData("merchantId == terminalId", 'M')]
    [InlineData("accountId == terminalId", 'M')]
    [InlineData("channel == \"pos\"", 'M')]
    public void A_missing_field_is_missing_and_what_cannot_be_computed_an_error(string when, char result) => Assert.Equal(result, Truth(when));

    [Fact]
    public void A_timestamp_out_of_range_is_an_error() =>
        Assert.Equal('E', Truth(string.Concat("timestamp", string.Concat(Enumerable.Repeat(" + 36500d", 90)), " > timestamp")));

    private static char Truth(string when) => (Given.Result(when, "amount=10"), Given.Result($"!({when})", "amount=10")) switch
    {
        (RuleResult.Hit, RuleResult.NoHit) => 'T',
        (RuleResult.NoHit, RuleResult.Hit) => 'F',
        (RuleResult.NoHit, RuleResult.NoHit) => 'M',
        (RuleResult.Error, RuleResult.Error) => 'E',
        var other => throw new InvalidOperationException(other.ToString()),
    };
}

using System.Text;
using FraudEngine.Domain;

namespace FraudEngine.Tests.Domain;

public sealed class AlertIdTests
{
    [Fact]
    public void An_alert_id_is_the_hash_that_it_is_said_to_be()
    {
        Assert.Equal(AlertId.Read(System.Security.Cryptography.SHA256.HashData("a-1\0t-1"u8)), IdOf("a-1", "t-1"));
        Assert.NotEqual(IdOf("ab", "c"), IdOf("a", "bc"));
    }

    [Fact]
    public void An_alert_id_of_the_longest_ids_can_be_made()
    {
        var longest = string.Concat(Enumerable.Repeat("😀", 64));
        Assert.NotEqual(default, IdOf(longest, longest));
    }

    [Fact]
    public void An_alert_id_is_written_and_read_in_both_ways()
    {
        var id = new AlertId(1, ulong.MaxValue);
        Assert.Equal("0000000000000001ffffffffffffffff", id.ToString());
        Assert.True(AlertId.TryParse(id.ToString(), out var parsed));
        Assert.Equal(id, parsed);
        Span<byte> bytes = stackalloc byte[16];
        id.Write(bytes);
        Assert.Equal(id, AlertId.Read(bytes));
        Span<byte> text = stackalloc byte[AlertId.TextBytes];
        id.Format(text);
        Assert.Equal(id.ToString(), Encoding.ASCII.GetString(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("000000000000000000000000000000000")]
    [InlineData("0x000000000000000000000000000000")]
    [InlineData(" 000000000000000 000000000000000")]
    [InlineData("-000000000000001ffffffffffffffff")]
    public void What_is_no_alert_id_is_not_read_as_one(string text) => Assert.False(AlertId.TryParse(text, out _));

    private static AlertId IdOf(string account, string transaction)
    {
        var builder = new TransactionBuilder();
        var filled = new Transaction();
        builder.Start(filled);
        Assert.Equal(FieldProblem.None, builder.SetText(TransactionField.AccountId, Encoding.UTF8.GetBytes(account)));
        Assert.Equal(FieldProblem.None, builder.SetText(TransactionField.TransactionId, Encoding.UTF8.GetBytes(transaction)));
        return AlertId.Of(filled);
    }
}

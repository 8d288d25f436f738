using System.Net;
using System.Text;

namespace FraudEngine.Tests.Ingress;

/// <summary>What an id may be.</summary>
public sealed class IdTests(RunningEngine engine) : IClassFixture<RunningEngine>
{
    [Theory]
    [InlineData("transactionId")]
    [InlineData("accountId")]
    [InlineData("merchantId")]
    [InlineData("terminalId")]
    [InlineData("deviceId")]
    [InlineData("counterpartyId")]
    public async Task An_id_has_1_to_64_printable_characters(string name)
    {
        (string Text, string Problem)[] table =
        [
            ("", "must not be empty"),
            (new string('x', 65), "must have at most 64 characters"),
            (string.Concat(Enumerable.Repeat("😀", 65)), "must have at most 64 characters"),
            (new string('é', 65), "must have at most 64 characters"),
            ("a\\u0000b", "must have printable characters only"),
            ("a\\nb", "must have printable characters only"),
            ("a\\u007fb", "must have printable characters only"),
            ("a\\u0085b", "must have printable characters only"),
            ("a\\u202eb", "must have printable characters only"),
            ("a\\u2028b", "must have printable characters only"),
            ("a\u007fb", "must have printable characters only"),
            ("a\\ud800b", "must be valid UTF-8"),
            ("a\\udc00\\ud800", "must be valid UTF-8"),
        ];
        foreach (var (text, problem) in table)
        {
            Assert.Equal($"{name} {problem}", (await engine.PostAsync(Tx.With(name, $"\"{text}\""))).Errors());
        }

        string[] right = [new string('x', 64), string.Concat(Enumerable.Repeat("😀", 64)), new string('é', 64), "a b", "\\u0041\\ud83d\\ude00", "a/b\\\\c\\\"d\\/e", "ಠ_ಠ"];
        foreach (var text in right)
        {
            Assert.Equal(HttpStatusCode.OK, (await engine.PostAsync(Tx.With(name, $"\"{text}\""))).Status);
        }
    }

    [Theory]
    [InlineData((byte)0xff)]
    [InlineData((byte)0xc3)]
    [InlineData((byte)0x80)]
    [InlineData((byte)0xed)]
    public async Task An_id_of_bytes_that_are_no_UTF8_is_refused(byte bad)
    {
        var body = Encoding.UTF8.GetBytes(Tx.With("merchantId", "\"a~b\""));
        body[Array.IndexOf(body, (byte)'~')] = bad;
        Assert.Equal("merchantId must be valid UTF-8", (await engine.PostAsync(body)).Errors());
    }

    [Fact]
    public async Task An_id_with_a_raw_control_character_is_malformed() =>
        (await engine.PostAsync(Tx.With("merchantId", "\"a\tb\""))).Problem(400, "malformed");
}

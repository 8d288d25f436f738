using System.Globalization;
using System.Net;
using System.Text;
using FraudEngine.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace FraudEngine.Tests.Domain;

/// <summary>Which texts a transaction takes for an address, against the parser of the framework.</summary>
public sealed class IpAddressTests
{
    private const string Alphabet = "0123456789abcdefABCDEF:.";

    [Fact]
    public void An_address_is_taken_where_the_framework_reads_it_and_it_is_written_out()
    {
        var reader = new TransactionReader([.. "EUR"u8]);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var text = Draw(new Random(seed));
            var json = $$"""{"transactionId":"t","accountId":"a","timestamp":"2026-11-01T08:00:00Z","amount":1,"ipAddress":"{{text}}"}""";
            return (reader.TryRead(Encoding.UTF8.GetBytes(json), new Transaction()) == IsWrittenOut(text)).Label($"'{text}'");
        }).Check(Property.Runs(Soak.Times(20_000, 2_000_000)));
    }

    private static bool IsWrittenOut(string text) =>
        text.Length <= 45 && IPAddress.TryParse(text, out _) && (text.Contains(':', StringComparison.Ordinal)
            || (text.Split('.') is { Length: 4 } parts && parts.All(static part => part.Length == 1 || part[0] != '0')));

    /// <summary>Addresses, what looks like them, or characters at random; some with a few characters changed.</summary>
    private static string Draw(Random random)
    {
        var text = new StringBuilder(random.Next(5) switch
        {
            0 => string.Join('.', Enumerable.Range(0, random.Next(3, 6)).Select(_ => random.Next(300).ToString(CultureInfo.InvariantCulture))),
            1 => Address(random, 4),
            2 => "::ffff:" + Address(random, 4),
            3 => Address(random, 16),
            _ => new string([.. Enumerable.Range(0, random.Next(1, 50)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]),
        });
        for (var changes = random.Next(2) * random.Next(4); changes > 0 && text.Length > 0; changes--)
        {
            var at = random.Next(text.Length);
            _ = random.Next(3) switch
            {
                0 => text.Remove(at, 1),
                1 => text.Insert(at, Alphabet[random.Next(Alphabet.Length)]),
                _ => text.Replace(text[at], Alphabet[random.Next(Alphabet.Length)], at, 1),
            };
        }

        return text.ToString();
    }

    private static string Address(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        var zeros = random.Next(length);
        bytes.AsSpan(zeros, random.Next(length - zeros)).Clear();
        return new IPAddress(bytes).ToString();
    }
}

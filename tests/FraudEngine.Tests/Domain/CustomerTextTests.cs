using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using FraudEngine.Domain;
using FraudEngine.Tests.Rules;

namespace FraudEngine.Tests.Domain;

public class CustomerTextTests
{
    [Theory]
    [InlineData("{amount} {currency}", "amount=12.5", "12.50 EUR")]
    [InlineData("{amount}", "amount=3.1234", "3.1234")]
    [InlineData("{amount}", "amount=3.12", "3.12")]
    [InlineData("{amount}", "amount=3.123", "3.123")]
    [InlineData("{amount}", "amount=0", "0.00")]
    [InlineData("{amount}", "amount=999999999999.9999", "999999999999.9999")]
    [InlineData("{amount}", "amount=7", "7.00")]
    [InlineData("at {merchantId}.", "merchantId=m-7", "at m-7.")]
    [InlineData("at {merchantId}", "", "at unknown")]
    [InlineData("{transactionId}{accountId}", "", "t1a1")]
    [InlineData("{timestamp}", "timestamp=2026-03-04T13:00:00.5+01:00", "2026-03-04T12:00:00.5Z")]
    [InlineData("{latitude} {longitude}", "latitude=-50.85 longitude=4.3517", "-50.85 4.3517")]
    [InlineData("{latitude} {longitude}", "", "unknown unknown")]
    [InlineData("{channel} {country} {ipAddress} {merchantCategory}", "channel=pos country=BE ipAddress=::1 merchantCategory=5411", "pos BE ::1 5411")]
    [InlineData("{channel} {terminalId} {deviceId} {counterpartyId}", "deviceId=d", "unknown unknown d unknown")]
    [InlineData("{{amount}} }}{{", "", "{amount} }{")]
    [InlineData("{{{amount}}}", "amount=1", "{1.00}")]
    [InlineData("Größe \"€\" 😀 {amount}\nx", "amount=1", "Größe \"€\" 😀 1.00\nx")]
    public void A_text_is_filled_in_from_the_transaction(string text, string fields, string expected)
    {
        var transaction = Given.Transaction(fields);
        var reason = new ReasonCode("r", text, isTemplate: true);
        Assert.Equal(expected, reason.TextFor(transaction));
        Assert.Equal(expected, JsonOf(reason, transaction).GetProperty("text").GetString());
        Assert.Equal("r", JsonOf(reason, transaction).GetProperty("rule").GetString());
    }

    [Theory]
    [InlineData("\",\"outcome\":\"approve")]
    [InlineData("\\\"")]
    [InlineData("</script>{amount}{{")]
    [InlineData("ünïcödé-😀-店")]
    public void A_hostile_value_stays_a_value(string merchant)
    {
        var transaction = new Transaction();
        var builder = new TransactionBuilder();
        builder.Start(transaction);
        Assert.Equal(FieldProblem.None, builder.SetText(TransactionField.MerchantId, Encoding.UTF8.GetBytes(merchant)));
        var reason = new ReasonCode("r", "at {merchantId}!", isTemplate: true);
        var json = JsonOf(reason, transaction);
        Assert.Equal($"at {merchant}!", json.GetProperty("text").GetString());
        Assert.Equal(["rule", "text"], json.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("{amount", 0)]
    [InlineData("a {amount {currency}", 2)]
    [InlineData("a } b", 2)]
    [InlineData("a {}", 2)]
    [InlineData("a { } b", 2)]
    [InlineData("a {Amount}", 3)]
    [InlineData("a { amount }", 3)]
    [InlineData("{{}", 2)]
    [InlineData("{{{amount}}", 10)]
    public void What_can_not_be_read_is_told_with_its_place(string text, int index)
    {
        var problems = new List<CustomerTextProblem>();
        Assert.Null(CustomerText.Parse(text, problems));
        Assert.Equal(index, Assert.Single(problems).Index);
    }

    [Fact]
    public void The_rendered_text_is_bounded()
    {
        Assert.NotNull(CustomerText.Parse(string.Concat(Enumerable.Repeat("{amount}", 16)), []));
        var problems = new List<CustomerTextProblem>();
        Assert.Null(CustomerText.Parse(string.Concat(Enumerable.Repeat("{amount}", 17)), problems));
        Assert.Contains("at most 16 placeholders", Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_no_template_keeps_its_braces()
    {
        var reason = new ReasonCode("r", "{amount} }{ {{");
        Assert.Equal("{amount} }{ {{", reason.TextFor(Given.Transaction("")));
        Assert.Equal("{amount} }{ {{", JsonOf(reason, Given.Transaction("")).GetProperty("text").GetString());
    }

    [Fact]
    public void A_stored_reason_is_read_again()
    {
        var stored = JsonSerializer.Serialize(new ReasonCode("r", "Paid {amount}", isAgainst: false, tags: ["a", "b-2"], isTemplate: true));
        var read = JsonSerializer.Deserialize<ReasonCode>(stored)!;
        Assert.Equal(("r", "Paid {amount}", false, true), (read.Rule, read.Text, read.IsAgainst, read.IsTemplate));
        Assert.Equal(["a", "b-2"], read.Tags.AsEnumerable());
        Assert.Equal("Paid 10.00", read.TextFor(Given.Transaction("")));
    }

    [Fact]
    public void A_reason_stored_before_there_were_tags_is_read()
    {
        var read = JsonSerializer.Deserialize<ReasonCode>("""{"Rule":"r","Text":"Paid {amount}","IsAgainst":true}""")!;
        Assert.Empty(read.Tags);
        Assert.Null(read.Texts);
        Assert.Equal("Paid {amount}", read.TextFor(Given.Transaction("")));
        Assert.Equal("Paid {amount}", read.TextFor(Given.Transaction(""), "de"));
    }

    [Fact]
    public void A_stored_reason_keeps_its_languages()
    {
        var texts = ImmutableSortedDictionary.CreateRange([KeyValuePair.Create("fr", "Payé {{"), KeyValuePair.Create("de", "{amount} {currency} gezahlt, „Größe“")]);
        var read = JsonSerializer.Deserialize<ReasonCode>(JsonSerializer.Serialize(new ReasonCode("r", "Paid {amount}", isTemplate: true, texts: texts)))!;
        Assert.Equal(texts, read.Texts!);
        Assert.Equal("10,00 EUR gezahlt, „Größe“", read.TextFor(Given.Transaction(""), "de"));
        Assert.Equal("Payé {", read.TextFor(Given.Transaction(""), "fr"));
        Assert.Equal("Paid 10.00", read.TextFor(Given.Transaction(""), "en"));
        Assert.Equal("Paid 10.00", JsonOf(read, Given.Transaction("")).GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("de", "amount=1234.5", "1234,50 unbekannt unbekannt")]
    [InlineData("de", "amount=0.1234 country=DE latitude=1.5 longitude=2", "0,1234 DE 1.5")]
    [InlineData("fr", "amount=1234.5", "1234.50 unknown unknown")]
    public void Fields_are_written_as_the_language_writes_them(string language, string fields, string expected)
    {
        var reason = new ReasonCode("r", "{amount}", texts: ImmutableSortedDictionary<string, string>.Empty.Add(language, "{amount} {country} {latitude}"));
        Assert.Equal(expected, reason.TextFor(Given.Transaction(fields), language));
    }

    [Fact]
    public void A_reason_without_other_languages_is_stored_as_before() =>
        Assert.Equal("""{"Rule":"r","Text":"Paid","IsAgainst":true,"Tags":[],"IsTemplate":false}""", JsonSerializer.Serialize(new ReasonCode("r", "Paid")));

    private static JsonElement JsonOf(ReasonCode reason, Transaction transaction)
    {
        var json = new ArrayBufferWriter<byte>();
        reason.WriteJson(json, transaction);
        return JsonDocument.Parse(json.WrittenMemory.ToArray()).RootElement;
    }
}

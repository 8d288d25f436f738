using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;

namespace FraudEngine.Domain;

/// <summary>
/// A rule as a decision names it: its id, its text for the customer, its tags, and whether it speaks against the payment. Stored as JSON with the rule set;
/// a member that an older one lacks has its default.
/// </summary>
public sealed class ReasonCode
{
    private readonly CustomerText _template;
    private readonly byte[] _head;

    /// <param name="isAgainst">Whether it adds to the score; else it speaks for the payment, and the customer is not told.</param>
    /// <param name="isTemplate">Whether the text has placeholders or doubled braces, as <see cref="CustomerText.Parse"/> reads them; else it is taken as it is.</param>
    public ReasonCode(string rule, string text, bool isAgainst = true, ImmutableArray<string> tags = default, bool isTemplate = false)
    {
        Rule = rule;
        Text = text;
        IsAgainst = isAgainst;
        Tags = tags.IsDefault ? [] : tags;
        IsTemplate = isTemplate;

        // One that can't be read was never in a checked rule set: its text is shown as it is.
        _template = (isTemplate ? CustomerText.Parse(text, []) : null) ?? CustomerText.Literal(text);
        _head = Head(rule);
        if (_template.IsFixed)
        {
            var json = new ArrayBufferWriter<byte>(256);
            WriteRendered(json, new Transaction());
            Json = json.WrittenSpan.ToArray();
        }
    }

    public string Rule { get; }

    /// <summary>As the rule file states it.</summary>
    public string Text { get; }

    public bool IsAgainst { get; }

    public ImmutableArray<string> Tags { get; }

    public bool IsTemplate { get; }

    /// <summary>The reason in JSON, encoded once; null where its text depends on the transaction.</summary>
    [JsonIgnore]
    internal byte[]? Json { get; }

    /// <summary>Writes the reason as it stands in a decision's JSON. Allocates nothing.</summary>
    public void WriteJson(IBufferWriter<byte> output, Transaction transaction)
    {
        if (Json is not null)
        {
            output.Write(Json);
        }
        else
        {
            WriteRendered(output, transaction);
        }
    }

    /// <summary>The text for one transaction.</summary>
    public string TextFor(Transaction transaction) => _template.Render(transaction);

    private void WriteRendered(IBufferWriter<byte> output, Transaction transaction)
    {
        output.Write(_head);
        _template.WriteJson(output, transaction);
        output.Write("\"}"u8);
    }

    private static byte[] Head(string rule)
    {
        var head = new ArrayBufferWriter<byte>(128);
        head.Write("{\"rule\":"u8);
        JsonText.String(head, Encoding.UTF8.GetBytes(rule));
        head.Write(",\"text\":\""u8);
        return head.WrittenSpan.ToArray();
    }
}

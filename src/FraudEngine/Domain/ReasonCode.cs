using System.Buffers;
using System.Collections.Frozen;
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
    private readonly FrozenDictionary<string, CustomerText> _translations;
    private readonly byte[] _head;

    /// <param name="isAgainst">Whether it adds to the score; else it speaks for the payment, and the customer is not told.</param>
    /// <param name="isTemplate">Whether the text has placeholders or doubled braces, as <see cref="CustomerText.Parse"/> reads them; else it is taken as it is.</param>
    /// <param name="texts">The text in other languages, by their codes of two small letters, each with placeholders; null where there is none.</param>
    public ReasonCode(
        string rule, string text, bool isAgainst = true, ImmutableArray<string> tags = default, bool isTemplate = false, ImmutableSortedDictionary<string, string>? texts = null)
    {
        Rule = rule;
        Text = text;
        IsAgainst = isAgainst;
        Tags = tags.IsDefault ? [] : tags;
        IsTemplate = isTemplate;
        Texts = texts;
        _template = isTemplate ? Parsed(text) : CustomerText.Literal(text);
        _translations = (texts ?? ImmutableSortedDictionary<string, string>.Empty).ToFrozenDictionary(static other => other.Key, static other => Parsed(other.Value));
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

    /// <summary>The text in other languages; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, string>? Texts { get; }

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
    public string TextFor(Transaction transaction) => _template.Render(transaction, FieldWords.English);

    /// <summary>The text for one transaction in a language, by its code of two small letters; where there is none in it, <see cref="TextFor(Transaction)"/>.</summary>
    public string TextFor(Transaction transaction, string language) =>
        _translations.TryGetValue(language, out var translation) ? translation.Render(transaction, FieldWords.Of(language)) : TextFor(transaction);

    /// <summary>One that can't be read was never in a checked rule set: its text is shown as it is.</summary>
    private static CustomerText Parsed(string text) => CustomerText.Parse(text, []) ?? CustomerText.Literal(text);

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
